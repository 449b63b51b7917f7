import type { PersonId, TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import { lookUp } from '#domain/policy/evaluate-policy';
import type { LookUp } from '#domain/policy/look-up';
import type { GroupSource } from '../policy/compiled-policy.ts';
import { accountKey, type Account } from '../ports/account.ts';
import { DIRECTORY_MAX_AGE_MS, LookUpFailed } from '../ports/directory.ts';
import { AccountsDisagree, type NamedAccount } from '../ports/people-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyDirectory, PolicyVersion } from '../ports/policy-version.ts';
import { onCallNow } from './on-call-now.ts';

export interface GroupAt {
  readonly version: PolicyVersion;
  readonly group: string;
}

/**
 * Looks up who is in each group, under the version that names it. One that cannot be looked up is
 * `failed`, which makes nobody eligible.
 *
 * @param now the database's clock before the look-up.
 */
export async function lookUpGroups(
  ports: Pick<Ports, 'directory' | 'people' | 'onCall'>,
  tenant: TenantId,
  groups: readonly GroupAt[],
  now: Instant,
): Promise<readonly LookUp[]> {
  const distinct = new Map(groups.map((one) => [`${one.version.digest}/${one.group}`, one]));
  const lookedUpAt = now - DIRECTORY_MAX_AGE_MS;
  return Promise.all(
    [...distinct.values()].map(async ({ version, group }): Promise<LookUp> => {
      const base = { policy: version.digest, group, lookedUpAt };
      const members = await membersOf(ports, tenant, { version, group }, now);
      return members === null
        ? { ...base, outcome: 'failed' }
        : { ...base, outcome: 'members', members };
    }),
  );
}

async function membersOf(
  ports: Pick<Ports, 'directory' | 'people' | 'onCall'>,
  tenant: TenantId,
  { version: { directory }, group }: GroupAt,
  now: Instant,
): Promise<readonly PersonId[] | null> {
  const sources = lookUp(directory.groups, group)?.sources;
  if (sources === undefined) return null;
  try {
    const accounts = await Promise.all(
      sources.map((source) => accountsOf(ports, tenant, directory, source, now)),
    );
    const own = accounts.flat().filter((account) => isOwn(directory, account));
    return await ports.people.personsOf(
      tenant,
      own.map((account) => named(directory, account, null)),
    );
  } catch (error) {
    // Who is one person is not certain while the policy and what was seen before disagree.
    if (error instanceof LookUpFailed || error instanceof AccountsDisagree) return null;
    throw error;
  }
}

async function accountsOf(
  ports: Pick<Ports, 'directory' | 'onCall'>,
  tenant: TenantId,
  directory: PolicyDirectory,
  source: GroupSource,
  now: Instant,
): Promise<readonly Account[]> {
  switch (source.kind) {
    case 'accounts':
      return source.accounts;
    case 'slack-usergroup':
      return ports.directory.usergroupMembers(source.team, source.usergroup, tenant);
    case 'pagerduty-schedule':
    case 'pagerduty-escalation-policy':
      return (await onCallNow(ports, tenant, directory, source, now)).accounts;
  }
}

/** A tenant's people are its home workspace's members; other accounts only if the policy lists them. */
export function isOwn(directory: PolicyDirectory, account: Account): boolean {
  return account.team === directory.homeTeam || listed(directory, account) !== undefined;
}

export function named(
  directory: PolicyDirectory,
  account: Account,
  name: string | null,
): NamedAccount {
  return { account, same: listed(directory, account)?.accounts ?? [], name };
}

export function listed(directory: Pick<PolicyDirectory, 'people'>, account: Account) {
  const key = accountKey(account);
  return directory.people.find((one) => one.accounts.some((same) => accountKey(same) === key));
}
