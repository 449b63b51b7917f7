import type { Logger } from 'pino';
import { lookUpGroups } from '#application/people/group-members';
import { withoutAddress } from '#application/people/without-address';
import type { Ports } from '#application/ports/ports';
import type { TenantId } from '#domain/ids';

/**
 * Says at the start which groups of the policy nobody can look up: each makes nobody eligible; and who
 * could not sign in to approve, because the policy states no address for them.
 */
export async function warnOfUnknownGroups(
  ports: Ports,
  tenant: TenantId,
  log: Logger,
): Promise<void> {
  const { version, now } = await ports.store.read(tenant, async (tx) => ({
    version: await tx.currentPolicy(),
    now: await tx.now(),
  }));
  if (version === null) return;
  const groups = version.content.groups.map((group) => ({ version, group }));
  for (const { group, outcome } of await lookUpGroups(ports, tenant, groups, now))
    if (outcome === 'failed')
      log.warn(
        { group },
        'nobody can say who is in this group, so nobody is: check its id, and usergroups:read in Slack or the token of PagerDuty',
      );
  for (const { group, accounts } of await withoutAddress(ports, tenant, version))
    log.warn(
      { group, accounts },
      'a tier demands a sign-in of these people, who can bind no account: list them under `people` with `email`',
    );
}
