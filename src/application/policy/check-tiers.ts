import { DAY_MS, SECOND_MS } from '#domain/instant';
import { durationMs, durationText } from './duration.ts';
import type { Finding, Path } from './mistake.ts';
import type { Entry, Sections } from './sections.ts';
import type { TierDocument } from './tier-document.ts';

type TierEntry = Entry<TierDocument>;

/** So that a decision, its look-ups and its messages fit into it. */
const SHORTEST_MS = 10 * SECOND_MS;
/** A bypass is for an incident; longer needs a change of the gate itself. */
const LONGEST_MS = 7 * DAY_MS;

/** Times within a tier that contradict each other, and replacements against the order. */
export function checkTiers({ tiers }: Sections): readonly Finding[] {
  return tiers.entries.flatMap((tier) => [
    ...checkTimes(tier),
    ...checkEscalation(tier),
    ...checkOneAskPerGroup(tier),
    ...checkReplaces(tier, [...(tiers.names ?? [])]),
  ]);
}

function checkTimes({ path, value }: TierEntry): readonly Finding[] {
  const { ttl, chain_max: chainMax, pending } = value;
  const findings = [
    ...within([...path, 'ttl', 'max'], ttl.max, LONGEST_MS),
    ...within([...path, 'chain_max'], chainMax, LONGEST_MS),
    ...within([...path, 'pending'], pending, LONGEST_MS),
    ...ttl.offer.flatMap((offer, index) =>
      durationMs(offer) > durationMs(ttl.max)
        ? [offerTooLong([...path, 'ttl', 'offer', index], offer, ttl.max)]
        : within([...path, 'ttl', 'offer', index], offer, LONGEST_MS),
    ),
  ];
  if (durationMs(ttl.max) <= durationMs(chainMax)) return findings;
  const message = `${ttl.max} is longer than \`chain_max\`, which is ${chainMax}`;
  const remedy = `Write at most ${chainMax}, or a longer \`chain_max\`.`;
  return [...findings, { path: [...path, 'ttl', 'max'], at: 'value', message, remedy }];
}

function offerTooLong(path: Path, offer: string, max: string): Finding {
  const message = `${offer} is offered, but \`ttl.max\` is ${max}`;
  return { path, at: 'value', message, remedy: `Remove it, or write \`max: ${offer}\`.` };
}

function within(path: Path, text: string, longestMs: number): readonly Finding[] {
  const ms = durationMs(text);
  if (ms >= SHORTEST_MS && ms <= longestMs) return [];
  const bounds = `${durationText(SHORTEST_MS)} to ${durationText(longestMs)}`;
  const message = `${text} is too ${ms < SHORTEST_MS ? 'short' : 'long'}`;
  return [{ path, at: 'value', message, remedy: `Write a duration from ${bounds}.` }];
}

function checkEscalation({ path, value }: TierEntry): readonly Finding[] {
  return value.escalate.flatMap(({ after }, index): readonly Finding[] => {
    const place = { path: [...path, 'escalate', index, 'after'], at: 'value' } as const;
    const before = value.escalate[index - 1]?.after;
    if (before !== undefined && durationMs(after) <= durationMs(before)) {
      const message = `${after} is not later than the step before it, ${before}`;
      return [{ ...place, message, remedy: 'Write the steps in order, or join the two.' }];
    }
    if (durationMs(after) < durationMs(value.pending)) return [];
    const message = `${after} is too late: the request lapses after ${value.pending}`;
    return [{ ...place, message, remedy: 'Write an earlier step, or a longer `pending`.' }];
  });
}

function checkOneAskPerGroup({ path, value }: TierEntry): readonly Finding[] {
  return value.require.flatMap(({ from }, index) => {
    if (value.require.findIndex((one) => one.from === from) === index) return [];
    return [
      {
        path: [...path, 'require', index, 'from'],
        at: 'value',
        message: `this tier asks \`${from}\` twice`,
        remedy: 'Write one requirement with the count of both.',
      },
    ];
  });
}

function checkReplaces(
  { path, name, value }: TierEntry,
  order: readonly string[],
): readonly Finding[] {
  return value.replaces.flatMap((replaced, index) => {
    // One that does not exist is reported where names are looked up.
    if (order.indexOf(replaced) < order.indexOf(name)) return [];
    const itself = replaced === name;
    return [
      {
        path: [...path, 'replaces', index],
        at: 'value',
        message: itself ? 'a tier cannot replace itself' : `\`${replaced}\` is stricter`,
        remedy: itself ? 'Remove it.' : `Name tiers that stand above \`${name}\`.`,
      },
    ];
  });
}
