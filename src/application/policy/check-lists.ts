import { accountKey } from '../ports/account.ts';
import { accountOf } from './slack-id.ts';
import { DURATION, durationMs, reminderMs } from './duration.ts';
import type { Finding, Path } from './mistake.ts';
import type { Sections } from './sections.ts';
import { quoted } from './shape-findings.ts';

/** What is listed twice: harmless to us, but the writer meant something else. */
export function checkLists(sections: Sections, homeTeam: string): readonly Finding[] {
  const account = (text: string): string => accountKey(accountOf(text, homeTeam));
  const time = (text: string): string =>
    String(DURATION.test(text) ? durationMs(text) : reminderMs(text));
  const { services, groups, tiers, callers, requesters, admins, postMortem } = sections;
  return [
    ...services.entries.flatMap(({ path, value }) => [
      ...twice([...path, 'environments'], value.environments),
      ...twice([...path, 'labels'], value.labels),
    ]),
    ...groups.entries.flatMap(({ path, value }) => [
      ...twice([...path, 'slack'], value.slack ?? [], account),
      ...twice([...path, 'fallback'], value.fallback ?? [], account),
      ...twice([...path, 'levels'], (value.levels ?? []).map(String)),
    ]),
    ...tiers.entries.flatMap(({ path, value }) => [
      ...twice([...path, 'ttl', 'offer'], value.ttl.offer, time),
      ...twice([...path, 'replaces'], value.replaces),
      ...value.escalate.flatMap(({ add }, step) => twice([...path, 'escalate', step, 'add'], add)),
    ]),
    ...callers.entries.flatMap(({ path, value }) => [
      ...twice([...path, 'gates'], value.gates),
      ...twice([...path, 'services'], value.services),
      ...twice([...path, 'environments'], value.environments ?? []),
    ]),
    ...twiceAmong(
      callers.entries.map(({ path, value }) => ({ path: [...path, 'name'], value: value.name })),
    ),
    ...twiceAmong(requesters.entries),
    ...twiceAmong(admins.entries),
    ...twice(['post_mortem', 'remind'], postMortem?.value.remind ?? [], time),
  ];
}

function twice(path: Path, items: readonly string[], keyOf = same): readonly Finding[] {
  return twiceAmong(
    items.map((value, index) => ({ path: [...path, index], value })),
    keyOf,
  );
}

function twiceAmong(
  items: readonly { readonly path: Path; readonly value: string }[],
  keyOf = same,
): readonly Finding[] {
  const seen = new Set<string>();
  return items.flatMap(({ path, value }) => {
    const key = keyOf(value);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [
      { path, at: 'value', message: `${quoted(value)} is listed twice`, remedy: 'Remove one.' },
    ];
  });
}

function same(text: string): string {
  return text;
}
