import type { TenantId } from '#domain/ids';
import { DAY_MS, HOUR_MS } from '#domain/instant';
import type { Destination, DestinationStore, Outbound } from '../ports/outbound.ts';
import type { TenantStore } from '../ports/tenant-store.ts';

export interface DestinationPorts {
  readonly store: Pick<TenantStore, 'read'>;
  readonly destinations: DestinationStore;
  readonly outbound: Pick<Outbound, 'mailer' | 'witnesses' | 'everyMs'>;
}

export const DEFAULT_EVERY_MS = DAY_MS;

/** A witness costs nobody's attention: what it has seen is never much older than this. */
const WITNESS_EVERY_MS = HOUR_MS;

/** What was refused is asked again now and then: whoever mends it need not tell us. */
const AGAIN_MS = HOUR_MS;

/** Wants the log as it stands now to arrive everywhere: after an activation, say. */
export async function wantCheckpoints(ports: DestinationPorts, tenant: TenantId): Promise<void> {
  for (const to of await destinationsOf(ports, tenant)) await ports.destinations.want(tenant, to);
}

/**
 * The same for destinations whose time has come, where the log grew. Poked by every replica; of
 * several pokes one finds something due.
 */
export async function wantDueCheckpoints(ports: DestinationPorts, tenant: TenantId): Promise<void> {
  for (const to of await destinationsOf(ports, tenant)) {
    const { everyMs } = ports.outbound;
    const ownMs = to.kind === 'witness' ? Math.min(everyMs, WITNESS_EVERY_MS) : everyMs;
    await ports.destinations.want(tenant, to, { everyMs: ownMs, againMs: AGAIN_MS });
  }
}

/** Where checkpoints go as policy and settings have it now. */
export async function destinationsOf(
  { store, outbound }: Pick<DestinationPorts, 'store' | 'outbound'>,
  tenant: TenantId,
): Promise<readonly Destination[]> {
  const channel = await securityChannel(store, tenant);
  return [
    ...(channel === null ? [] : [{ kind: 'channel', name: channel.channel } as const]),
    ...(outbound.mailer === null ? [] : [{ kind: 'mail', name: '' } as const]),
    ...outbound.witnesses.map(({ vkey }) => ({ kind: 'witness', name: vkey }) as const),
  ];
}

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
