import type { Evaluation, JoinedRequirement } from '#domain/policy/evaluation';
import { strictestInFlight } from '#domain/policy/join-tiers';
import { durationText } from '../duration.ts';
import type { Change } from './change.ts';

/** What differs for one kind of request. */
export type Difference = Omit<Change, 'requests'>;

/** How a later evaluation differs from an earlier one, each thing by itself. */
export function differences(before: Evaluation, after: Evaluation): readonly Difference[] {
  const found: Difference[] = [
    ...approvals(before, after),
    ...span('ttl', before.ttlMaxMs, after.ttlMaxMs),
    ...span('chain', before.chainMaxMs, after.chainMaxMs),
    // A request that may wait longer opens nothing by that.
    ...span('pending', before.pendingMs, after.pendingMs).map((one) => ({ ...one, looser: false })),
    ...word('attestation', before.attestation, after.attestation, 'required'),
    ...word('step-up', before.stepUp, after.stepUp, 'sso'),
    ...inFlight(before, after),
    ...word('tiers', before.tiers.join(' + '), after.tiers.join(' + '), ''),
  ];
  if (before.ttlMaxMs === after.ttlMaxMs) found.push(...offers(before, after));
  return found;
}

function approvals(before: Evaluation, after: Evaluation): readonly Difference[] {
  const all = [...before.requirements, ...after.requirements].map(({ from }) => from);
  return [...new Set(all)].flatMap((group): readonly Difference[] => {
    const [was, is] = [of(before, group), of(after, group)];
    const counts = [was?.count ?? 0, is?.count ?? 0] as const;
    if (counts[0] === counts[1])
      return was === undefined || is === undefined ? [] : escalation(was, is);
    const looser = counts[1] < counts[0];
    const changed = { kind: 'approvals', looser, about: group } as const;
    return [
      { ...changed, before: String(counts[0]), after: String(counts[1]) },
      ...(was === undefined || is === undefined ? [] : escalation(was, is)),
    ];
  });
}

const of = (evaluation: Evaluation, group: string): JoinedRequirement | undefined =>
  evaluation.requirements.find(({ from }) => from === group);

/** Whoever is added counts too: more of them, or earlier, is a loosening. */
function escalation(was: JoinedRequirement, is: JoinedRequirement): readonly Difference[] {
  const [before, after] = [addedAfter(was), addedAfter(is)];
  const [said, says] = [stepsText(was), stepsText(is)];
  if (said === says) return [];
  const looser = [...after].some(([group, ms]) => ms < (before.get(group) ?? Infinity));
  return [{ kind: 'escalation', looser, about: was.from, before: said, after: says }];
}

const addedAfter = ({ escalation: steps }: JoinedRequirement): ReadonlyMap<string, number> =>
  new Map(steps.flatMap(({ afterMs, add }) => add.map((group) => [group, afterMs] as const)));

function stepsText({ escalation: steps }: JoinedRequirement): string | null {
  if (steps.length === 0) return null;
  return steps
    .map(({ afterMs, add }) => `${add.toSorted().join(', ')} after ${durationText(afterMs)}`)
    .join('; ');
}

function span(kind: 'ttl' | 'chain' | 'pending', was: number, is: number): readonly Difference[] {
  if (was === is) return [];
  const texts = { before: durationText(was), after: durationText(is) };
  return [{ kind, looser: is > was, about: '', ...texts }];
}

/** What can be chosen within one maximum: a longer one is a loosening. */
function offers(before: Evaluation, after: Evaluation): readonly Difference[] {
  const text = ({ ttlOffersMs }: Evaluation): string => ttlOffersMs.map(durationText).join(', ');
  if (text(before) === text(after)) return [];
  const looser = Math.max(...after.ttlOffersMs) > Math.max(...before.ttlOffersMs);
  return [{ kind: 'ttl', looser, about: '', before: text(before), after: text(after) }];
}

function word(
  kind: 'attestation' | 'step-up' | 'tiers',
  before: string,
  after: string,
  strict: string,
): readonly Difference[] {
  if (before === after) return [];
  return [{ kind, looser: before === strict, about: '', before, after }];
}

function inFlight({ inFlight: before }: Evaluation, after: Evaluation): readonly Difference[] {
  if (before === after.inFlight) return [];
  const looser = strictestInFlight([before, after.inFlight]) === before;
  return [{ kind: 'in-flight', looser, about: '', before, after: after.inFlight }];
}
