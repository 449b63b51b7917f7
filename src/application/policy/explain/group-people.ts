import { personId, type PersonId } from '#domain/ids';
import { lookUp } from '#domain/policy/evaluate-policy';
import { listed } from '../../people/group-members.ts';
import { accountKey, type Account } from '../../ports/account.ts';
import type { PolicyDirectory } from '../../ports/policy-version.ts';
import type { GroupSource } from '../compiled-policy.ts';

type Directory = Pick<PolicyDirectory, 'groups' | 'people' | 'homeTeam'>;

/** A person as the policy knows them, whatever accounts they have. */
export interface ListedPerson {
  readonly person: PersonId;
  /** Their `id` under `people`, else their account as a policy writes it. */
  readonly name: string;
  readonly accounts: readonly Account[];
}

/** Who is in a group, as far as can be told without Slack and PagerDuty. */
export interface GroupPeople {
  readonly people: readonly ListedPerson[];
  /** Where others come from; empty where `people` are all. */
  readonly beyond: readonly LookedUpSource[];
}

export type LookedUpSource = Exclude<GroupSource, { readonly kind: 'accounts' }>;

/** What a look-up gave, by `sourceKey`; a source that is not in it was not looked up. */
export type LookedUp = ReadonlyMap<string, readonly Account[]>;

/** The same for the same source, whatever group names it. */
export function sourceKey(source: LookedUpSource): string {
  switch (source.kind) {
    case 'slack-usergroup':
      return `${source.kind} ${source.team}/${source.usergroup}`;
    case 'pagerduty-schedule':
      return `${source.kind} ${source.schedule}`;
    case 'pagerduty-escalation-policy':
      return `${source.kind} ${source.policy} ${source.levels.join(',')}`;
  }
}

/** Accounts of other workspaces that the policy lists on nobody are left out: they never decide. */
export function groupPeople(
  directory: Directory,
  group: string,
  lookedUp: LookedUp = new Map(),
): GroupPeople {
  const sources = lookUp(directory.groups, group)?.sources ?? [];
  const beyond: LookedUpSource[] = [];
  const accounts: Account[] = [];
  for (const source of sources) {
    if (source.kind === 'accounts') {
      accounts.push(...source.accounts);
      continue;
    }
    const found = lookedUp.get(sourceKey(source));
    if (found === undefined) beyond.push(source);
    else accounts.push(...found);
  }
  const people = accounts.flatMap((account) => personOf(directory, account) ?? []);
  return { people: [...new Map(people.map((one) => [one.person, one])).values()], beyond };
}

/** The person behind an account; `null` for one of another workspace that is nobody's. */
export function personOf(directory: Directory, account: Account): ListedPerson | null {
  const entry = listed(directory, account);
  if (entry !== undefined) {
    const [first = account] = entry.accounts;
    const name = entry.id ?? accountText(directory, first);
    return { person: personId(accountKey(first)), name, accounts: entry.accounts };
  }
  if (account.team !== directory.homeTeam) return null;
  const name = accountText(directory, account);
  return { person: personId(accountKey(account)), name, accounts: [account] };
}

/** As a policy writes it: without the team where that is home. */
function accountText({ homeTeam }: Pick<Directory, 'homeTeam'>, account: Account): string {
  return account.team === homeTeam ? account.user : accountKey(account);
}
