import type { TenantId } from '#domain/ids';
import type { AlarmCode, AlarmStore } from '../ports/alarm.ts';
import type { Outbound } from '../ports/outbound.ts';
import { PublishFailed } from '../ports/surface.ts';
import type { TenantStore } from '../ports/tenant-store.ts';
import { channelOf } from './channel-of.ts';
import { isParked } from '../surfaces/is-parked.ts';

interface AlarmPorts {
  readonly store: Pick<TenantStore, 'read'>;
  readonly alarms: AlarmStore;
  readonly outbound: Pick<Outbound, 'announcer' | 'onAlarm'>;
}

/** Of these the people of an incident hear too: they, or somebody beside them, did it. */
const FOR_INCIDENTS: ReadonlySet<AlarmCode> = new Set(['deploy-out-of-band']);
const TO_INCIDENTS = 'to incidents/';

/**
 * Tells an alarm, or that it is over: in the process's log first, which needs nobody's answer, then
 * in the security channel. One that was over before it was told is told as over. What the people of an
 * incident are to hear is another alarm, to their channel: a channel that cannot be reached keeps no
 * other from being told, and none is told twice.
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
  const isForIncidents = alarm.key.startsWith(TO_INCIDENTS);
  if (!isForIncidents) outbound.onAlarm(tenant, alarm);
  const security = await channelOf(store, tenant, 'security');
  const incidents = await channelOf(store, tenant, 'incidents');
  const isAlso = FOR_INCIDENTS.has(alarm.code) && incidents?.channel !== security?.channel;
  // Raised again it is told once all the same: it stands.
  if (!isForIncidents && isAlso)
    await alarms.raise(tenant, { ...alarm, key: `${TO_INCIDENTS}${alarm.key}` });
  const to = isForIncidents ? incidents : security;
  try {
    if (to !== null)
      await outbound.announcer.announce(to.team, to.channel, { kind: 'alarm', alarm }, tenant);
  } catch (error) {
    if (isParked(error)) return;
    if (!(error instanceof PublishFailed) || error.retryAfterMs === null) throw error;
    return alarms.tellLater(tenant, id, error.retryAfterMs);
  }
  await alarms.told(tenant, alarm);
}
