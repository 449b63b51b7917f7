import type { TenantId } from '#domain/ids';
import type { Alarm, AlarmStore } from '../ports/alarm.ts';

/**
 * Says that something is wrong: once, however often it is found, until `clearAlarm` with its key.
 * It is a row and a job before this resolves, so a killed process loses none; the job tells it in
 * the security channel and as an error in the log.
 */
export async function raiseAlarm(
  { alarms }: { readonly alarms: AlarmStore },
  tenant: TenantId,
  alarm: Alarm,
): Promise<void> {
  await alarms.raise(tenant, alarm);
}

/** Says that it is right again, where it was not. Cheap where nothing stands. */
export async function clearAlarm(
  { alarms }: { readonly alarms: AlarmStore },
  tenant: TenantId,
  key: string,
): Promise<void> {
  await alarms.clear(tenant, key);
}
