import type { TenantId } from '#domain/ids';
import type { TenantStore } from '../ports/tenant-store.ts';

/** The channel that the policy in force names for security; `null` where it names none. */
export async function securityChannel(
  store: Pick<TenantStore, 'read'>,
  tenant: TenantId,
): Promise<{ readonly team: string; readonly channel: string } | null> {
  const policy = await store.read(tenant, (tx) => tx.currentPolicy());
  const channel = policy?.directory.channels.security ?? null;
  if (policy === null || channel === null) return null;
  return { team: policy.directory.homeTeam, channel };
}
