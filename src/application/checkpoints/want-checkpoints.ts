import type { TenantId } from '#domain/ids';
import { DAY_MS, HOUR_MS } from '#domain/instant';
import { channelOf } from '../alarms/channel-of.ts';
import type { Destination, DestinationStore, Outbound } from '../ports/outbound.ts';
import type { TenantStore } from '../ports/tenant-store.ts';
import { isDue, type Schedule } from './is-due.ts';

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
    const schedule: Schedule = { everyMs: ownMs, againMs: AGAIN_MS };
    await ports.destinations.want(tenant, to, (times) => isDue(times, schedule));
  }
}

/** Where checkpoints go as policy and settings have it now. */
export async function destinationsOf(
  { store, outbound }: Pick<DestinationPorts, 'store' | 'outbound'>,
  tenant: TenantId,
): Promise<readonly Destination[]> {
  const channel = await channelOf(store, tenant, 'security');
  return [
    ...(channel === null ? [] : [{ kind: 'channel', name: channel.channel } as const]),
    ...(outbound.mailer === null ? [] : [{ kind: 'mail', name: '' } as const]),
    ...outbound.witnesses.map(({ vkey }) => ({ kind: 'witness', name: vkey }) as const),
  ];
}
