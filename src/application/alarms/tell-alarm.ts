import type { TenantId } from '#domain/ids';
import type { AlarmStore } from '../ports/alarm.ts';
import type { Outbound } from '../ports/outbound.ts';
import { PublishFailed } from '../ports/surface.ts';
import type { TenantStore } from '../ports/tenant-store.ts';
import { securityChannel } from './security-channel.ts';

interface AlarmPorts {
  readonly store: Pick<TenantStore, 'read'>;
  readonly alarms: AlarmStore;
  readonly outbound: Pick<Outbound, 'announcer' | 'onAlarm'>;
}

/**
 * Tells an alarm, or that it is over: in the process's log first, which needs nobody's answer, then
 * in the security channel. One that was over before it was told is told as over.
 *
 * @throws PublishFailed: the job is tried again, and the log says it again.
 */
export async function tellAlarm(
  { store, alarms, outbound }: AlarmPorts,
  tenant: TenantId,
  id: string,
): Promise<void> {
  const alarm = await alarms.toTell(tenant, id);
  if (alarm === null) return;
  outbound.onAlarm(tenant, alarm);
  const to = await securityChannel(store, tenant);
  try {
    if (to !== null)
      await outbound.announcer.announce(to.team, to.channel, { kind: 'alarm', alarm });
  } catch (error) {
    if (!(error instanceof PublishFailed) || error.retryAfterMs === null) throw error;
    return alarms.tellLater(tenant, id, error.retryAfterMs);
  }
  await alarms.told(tenant, alarm);
}
