import type { TenantId } from '#domain/ids';
import type { TenantStore } from '../ports/tenant-store.ts';

export interface Channel {
  readonly team: string;
  readonly channel: string;
}

/** The channel that the policy in force names for this; `null` where it names none. */
export async function channelOf(
  store: Pick<TenantStore, 'read'>,
  tenant: TenantId,
  what: 'incidents' | 'security',
): Promise<Channel | null> {
  const policy = await store.read(tenant, (tx) => tx.currentPolicy());
  const channel = policy?.directory.channels[what] ?? null;
  if (policy === null || channel === null) return null;
  return { team: policy.directory.homeTeam, channel };
}
