import { personId, type PersonId } from '#domain/ids';
import { matchPeople } from '#domain/policy/match-people';
import { accountKey } from '../ports/account.ts';
import { accountOf } from './slack-id.ts';
import type { Finding } from './mistake.ts';
import type { GroupDocument } from './policy-document.ts';
import type { Entry, Sections } from './sections.ts';
import type { TierDocument } from './tier-document.ts';

/** Who is in a group, as far as the document alone says; `undefined` if only a look-up can tell. */
type Members = ReadonlySet<PersonId> | undefined;

/**
 * A tier that could never open: its listed accounts, escalation included, are too few people to
 * meet its requirements, each by somebody else. Two accounts of one person are one.
 */
export function checkApprovable(sections: Sections, homeTeam: string): readonly Finding[] {
  const personOf = listedPeople(sections, homeTeam);
  const members = new Map<string, Members>(
    sections.groups.entries.map(({ name, value }) => [name, listed(value, homeTeam, personOf)]),
  );
  return sections.tiers.entries.flatMap((tier) => checkTier(tier, members));
}

function checkTier(
  { path, value }: Entry<TierDocument>,
  members: ReadonlyMap<string, Members>,
): readonly Finding[] {
  const added = value.escalate.flatMap(({ add }) => add);
  const open = value.require.flatMap(({ from, count }) => {
    const groups = [from, ...added].map((group) => members.get(group));
    // Whoever only a look-up can tell may be enough.
    if (groups.some((group) => group === undefined)) return [];
    return [{ from, count, eligible: new Set(groups.flatMap((group) => [...(group ?? [])])) }];
  });
  const everybody = open.flatMap(({ eligible }) => [...eligible]);
  return matchPeople(open, everybody).missing.map(({ from, count }) => ({
    path: [...path, 'require', value.require.findIndex((one) => one.from === from), 'count'],
    at: 'value',
    message: `this tier could never open: \`${from}\` lacks ${people(count)} for it`,
    remedy: `Add people to \`${from}\`, or ask for fewer. Each person counts once in a tier.`,
  }));
}

function people(count: number): string {
  return count === 1 ? 'one person' : `${count} people`;
}

function listed(
  { slack, ...others }: GroupDocument,
  homeTeam: string,
  personOf: ReadonlyMap<string, PersonId>,
): Members {
  const { slack_usergroup: usergroup, pagerduty_schedule: schedule } = others;
  const looked = [usergroup, schedule, others.pagerduty_escalation_policy];
  if (slack === undefined || looked.some((source) => source !== undefined)) return undefined;
  const keys = slack.map((account) => accountKey(accountOf(account, homeTeam)));
  return new Set(keys.map((key) => personOf.get(key) ?? personId(key)));
}

function listedPeople({ people }: Sections, homeTeam: string): ReadonlyMap<string, PersonId> {
  return new Map(
    people.entries.flatMap(({ path, value }) =>
      value.slack.map((account) => [
        accountKey(accountOf(account, homeTeam)),
        personId(`person ${String(path.at(-1))}`),
      ]),
    ),
  );
}
