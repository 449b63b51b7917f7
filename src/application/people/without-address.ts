import type { TenantId } from '#domain/ids';
import { accountKey } from '../ports/account.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyVersion } from '../ports/policy-version.ts';
import { listed, lookUpGroups } from './group-members.ts';

/** People of a group who could not approve where a tier demands a sign-in. */
export interface WithoutAddress {
  readonly group: string;
  /** Slack accounts, `T01/U11`. */
  readonly accounts: readonly string[];
}

/**
 * Who is asked for a sign-in by way of a Slack group, and for whom the policy states no address: they
 * can bind no account, and are told so only when they sign in. Groups that cannot be looked up are
 * left out.
 */
export async function withoutAddress(
  ports: Pick<Ports, 'directory' | 'people' | 'onCall' | 'store'>,
  tenant: TenantId,
  version: PolicyVersion,
): Promise<readonly WithoutAddress[]> {
  const now = await ports.store.read(tenant, (tx) => tx.now());
  const at = groupsThatSignIn(version).map((group) => ({ version, group }));
  const found: WithoutAddress[] = [];
  for (const one of await lookUpGroups(ports, tenant, at, now)) {
    if (one.outcome === 'failed') continue;
    const rows = await ports.store.read(tenant, (tx) => tx.people(one.members));
    const stated = new Set(
      rows.flatMap(({ person, account }) =>
        (listed(version.directory, account)?.email ?? null) === null ? [] : [person],
      ),
    );
    const accounts = rows.filter(({ person }) => !stated.has(person)).map((row) => row.account);
    if (accounts.length > 0) found.push({ group: one.group, accounts: accounts.map(accountKey) });
  }
  return found;
}

function groupsThatSignIn({ content }: PolicyVersion): readonly string[] {
  const tiers = content.tiers.filter(({ stepUp }) => stepUp === 'sso');
  const asked = tiers.flatMap(({ requirements, escalation }) => [
    ...requirements.map(({ from }) => from),
    ...escalation.flatMap(({ add }) => add),
  ]);
  return [...new Set(asked)];
}
