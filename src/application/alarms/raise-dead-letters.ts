import type { TenantId } from '#domain/ids';
import type { AlarmStore } from '../ports/alarm.ts';
import { QUEUES, type DeadLetters } from '../ports/queues.ts';

export interface DeadLetterPorts {
  readonly alarms: AlarmStore;
  readonly deadLetters: DeadLetters;
}

/**
 * Raises an alarm for each queue in which jobs are left that nobody will try again, whatever ended
 * them, a killed process included; it is over once there are none. The queue of alarms is no
 * exception: what stands is told once, so no alarm that cannot be told makes another.
 */
export async function raiseDeadLetters(
  { alarms, deadLetters }: DeadLetterPorts,
  tenant: TenantId,
): Promise<void> {
  const counts = await deadLetters.countOf(tenant);
  for (const queue of QUEUES) {
    const key = `dead letters/${queue}`;
    const jobs = counts[queue] ?? 0;
    if (jobs === 0) await alarms.clear(tenant, key);
    else await alarms.raise(tenant, { key, code: 'jobs-dead-lettered', about: { queue, jobs } });
  }
}
