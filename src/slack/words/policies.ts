import type { Change } from '#application/policy/changes/change';
import { changeWords } from '#application/policy/changes/change-words';
import { groupPeople, type LookedUpSource } from '#application/policy/explain/group-people';
import type { Account } from '#application/ports/account';
import type { PolicyNews } from '#application/ports/outbound';
import type { PolicyShown } from '#application/ports/policy-shown';
import type { PolicyVersion } from '#application/ports/policy-version';
import type { Rule, Tier } from '#domain/policy/policy';
import { bold, code, inline } from '../block-kit/text.ts';
import { durationWords } from './durations.ts';
import { counted, listed, oneOf } from './lists.ts';
import { groupName, needsWords } from './requirements.ts';
import { momentOf } from './times.ts';

/** For a lock screen too. */
export function policyLoosened({ loosenings, others, receipt }: PolicyNews): string {
  const beside = others === 0 ? '' : `, and ${counted(others, 'other change')}`;
  return `${bold('The policy was loosened')}: ${counted(loosenings.length, 'loosening')}${beside}, in force by entry ${receipt.index}.`;
}

/** Longer than what a version can name: five names a list at most. */
const LONGEST_LINE = 1_500;

export const changeLine = (change: Change): string =>
  `• ${inline(changeWords(change), LONGEST_LINE)}`;

export const moreLoosenings = (count: number): string =>
  `And ${counted(count, 'more loosening', 'more loosenings')}: \`breakglass policy diff\` says all of them.`;

export const WHO_LOOSENED =
  'If nobody of you asked for this, find out who applied it. `breakglass policy apply` with the document before puts that one back in force.';

export const policyVersions = ({ before, after }: PolicyNews): string =>
  `Version ${code(after, DIGEST_SHOWN)} in place of ${code(before, DIGEST_SHOWN)}`;

/** `sha256:` and enough of it to tell versions apart. */
const DIGEST_SHOWN = 24;

/** For a lock screen too. */
export const policyHead = ({ applied: { index, at } }: PolicyShown): string =>
  `${bold('The policy')} in force since ${momentOf(at)}, by entry ${index} of the log.`;

export const POLICY_LISTS = {
  tiers: 'How much approval, from the least strict',
  rules: 'When which applies; all that match apply together',
  groups: 'Who is in these groups',
  changes: 'What this version changed',
} as const;

/** Who may ask, and who are admins; an empty list means nobody. */
export function rolesWords({ content, directory }: PolicyVersion): string {
  const said = (groups: readonly string[]): string =>
    groups.length === 0
      ? 'nobody'
      : listed(
          groups.map((group) => (isImplied(group) ? whoWords(directory, group) : groupName(group))),
        );
  return [
    `${bold('Who may ask')}: ${said(content.requesters)}; at most ${counted(content.waitingLimit, 'request')} of one person may wait.`,
    `${bold('Admins')}, who may revoke any bypass: ${said(content.admins)}.`,
  ].join('\n');
}

/** `• high: 2 of @release, after 5 min also @db-senior · 15 min or 1 h · lapses after 30 min`. */
export function tierWords(tier: Tier): string {
  const later = tier.escalation.map(
    ({ afterMs, add }) => `, after ${durationWords(afterMs)} also ${listed(add.map(groupName))}`,
  );
  const parts = [
    `${needsWords(tier.requirements)}${later.join('')}`,
    `open for ${oneOf(tier.ttlOffersMs.map(durationWords))}, ${durationWords(tier.chainMaxMs)} with extensions`,
    `lapses after ${durationWords(tier.pendingMs)}`,
    ...(tier.stepUp === 'sso' ? ['each with a fresh sign-in'] : []),
    ...(tier.attestation === 'required' ? ['attested'] : []),
    ...(tier.replaces.length === 0
      ? []
      : [`in place of ${listed(tier.replaces.map((one) => bold(one)))}`]),
  ];
  return `• ${bold(tier.name)}: ${parts.join(' · ')}`;
}

export function ruleWords({ when, tier }: Rule): string {
  const named = Object.entries(when).flatMap(([key, value]) =>
    value === null ? [] : [`${key} ${code(String(value))}`],
  );
  return `• ${named.join(', ')} → ${bold(tier)}`;
}

export const defaultWords = (tier: string, strictest: string): string =>
  `• anything else → ${bold(tier)}; what the policy does not know → ${bold(strictest)} too`;

const isImplied = (group: string): boolean => group.startsWith('@');

/** Written groups alone: those of accounts among `requesters` and the like are told where they count. */
export const groupLines = ({ content, directory }: PolicyVersion): readonly string[] =>
  content.groups
    .filter((group) => !isImplied(group))
    .map((group) => `• ${groupName(group)}: ${whoWords(directory, group)}`);

function whoWords(directory: PolicyVersion['directory'], group: string): string {
  const { people, beyond } = groupPeople(directory, group);
  return listed(
    [...people.map(({ accounts }) => mention(directory, accounts)), ...beyond.map(sourceWords)],
    12,
  );
}

/** Slack shows the name; in a message that one person alone sees, nobody is called by it. */
function mention({ homeTeam }: PolicyVersion['directory'], accounts: readonly Account[]): string {
  const [account = { team: '', user: '' }] = accounts.toSorted(
    (a, b) => Number(b.team === homeTeam) - Number(a.team === homeTeam),
  );
  const isShown = account.team === homeTeam && /^[UW][A-Z0-9]{1,30}$/.test(account.user);
  return isShown ? `<@${account.user}>` : code(`${account.team}/${account.user}`);
}

function sourceWords(source: LookedUpSource): string {
  switch (source.kind) {
    case 'slack-usergroup':
      return `the user group ${code(source.usergroup)}`;
    case 'pagerduty-schedule':
      return `whoever is on call by PagerDuty’s schedule ${code(source.schedule)}`;
    case 'pagerduty-escalation-policy':
      return `whoever is on call by PagerDuty’s escalation policy ${code(source.policy)}`;
  }
}

export const FIRST_POLICY = 'It is the first version.';

export const policyVersion = ({ digest }: PolicyVersion): string =>
  `Version ${code(digest, DIGEST_SHOWN)}`;

export const POLICY_IN_FULL =
  'What a request would need stands in the form before it is sent; `breakglass policy explain` says why.';

export const moreLines = (count: number): string => `And ${count} more, in the policy document.`;
