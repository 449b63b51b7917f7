import { accountOf, splitSlackId } from './slack-id.ts';
import type { GroupSource } from './compiled-policy.ts';
import { RESERVED_ASSIGNEES } from './check-references.ts';
import { namesAccount } from './names.ts';
import type { GroupDocument, PolicyDocument } from './policy-document.ts';

/** No name of a group starts with `@`, so these cannot meet a written one. */
export const REQUESTERS = '@requesters';
export const ADMINS = '@admins';
export const ASSIGNEE = '@assignee';
export const ownersOf = (service: string): string => `@owner:${service}`;

/** Whoever is asked by all levels at once is asked for nothing: the others only come after the first. */
const FIRST_LEVEL = 1;

type Groups = Readonly<Record<string, { readonly sources: readonly GroupSource[] }>>;

/** All groups, written and implied, with where their members come from. */
export function compileGroups(document: PolicyDocument, homeTeam: string): Groups {
  const written = Object.entries(document.groups).map(
    ([name, group]) => [name, { sources: sourcesOf(group, homeTeam) }] as const,
  );
  const implied = impliedGroups(document).flatMap(([name, texts]) => {
    const accounts = texts.filter(namesAccount).map((text) => accountOf(text, homeTeam));
    if (accounts.length === 0) return [];
    return [[name, { sources: [{ kind: 'accounts', accounts } as const] }] as const];
  });
  return Object.fromEntries([...written, ...implied]);
}

/** Groups as the domain knows them: accounts among `texts` become the one group `implied`. */
export function groupsAmong(texts: readonly string[], implied: string): readonly string[] {
  const groups = texts.filter((text) => !namesAccount(text));
  return groups.length === texts.length ? groups : [...groups, implied];
}

/** The one group that `text` is, or stands for. */
export function groupFor(text: string, implied: string): string {
  return namesAccount(text) ? implied : text;
}

function impliedGroups(
  document: PolicyDocument,
): readonly (readonly [string, readonly string[]])[] {
  const { assignee } = document.post_mortem;
  return [
    [REQUESTERS, document.requesters],
    [ADMINS, document.admins],
    [ASSIGNEE, RESERVED_ASSIGNEES.includes(assignee) ? [] : [assignee]],
    ...Object.entries(document.services).map(
      ([name, { owner }]) => [ownersOf(name), owner === undefined ? [] : [owner]] as const,
    ),
  ];
}

function sourcesOf(group: GroupDocument, homeTeam: string): readonly GroupSource[] {
  const sources: GroupSource[] = [];
  const accounts = (texts: readonly string[]) => texts.map((text) => accountOf(text, homeTeam));
  if (group.slack !== undefined)
    sources.push({ kind: 'accounts', accounts: accounts(group.slack) });
  if (group.slack_usergroup !== undefined) {
    const { team, id } = splitSlackId(group.slack_usergroup, homeTeam);
    sources.push({ kind: 'slack-usergroup', team, usergroup: id });
  }
  const fallback = accounts(group.fallback ?? []);
  const { pagerduty_schedule: schedule, pagerduty_escalation_policy: policy } = group;
  if (schedule !== undefined) sources.push({ kind: 'pagerduty-schedule', schedule, fallback });
  if (policy !== undefined) {
    const levels = group.levels ?? [FIRST_LEVEL];
    sources.push({ kind: 'pagerduty-escalation-policy', policy, levels, fallback });
  }
  return sources;
}
