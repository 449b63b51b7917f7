import type { TenantId } from '#domain/ids';
import { DAY_MS } from '#domain/instant';
import type { AlarmStore } from '../ports/alarm.ts';
import { attestWorkload, type WorkloadOutcome, type WorkloadPorts } from './attest-workload.ts';

export interface VouchPorts extends WorkloadPorts {
  readonly alarms: AlarmStore;
  /** After how long an approval that stays provisional, and a workload that is silent, is an alarm. */
  readonly provisionalAlarmMs: number;
}

const KEY = 'workload';

/**
 * Has the workload vouch for the log where it is due, and says in the security channel when it does
 * not for too long, or never did: until it vouches again. When it last did is an entry, so that every
 * replica comes to the same, and a restart forgets nothing.
 *
 * @throws what `attestWorkload` throws.
 */
export async function vouch(ports: VouchPorts, tenant: TenantId): Promise<WorkloadOutcome> {
  try {
    const outcome = await attestWorkload(ports, tenant);
    if (outcome === 'not-signed') await alarmIfLong(ports, tenant);
    // A process that is killed between the entry and this leaves it to the next look.
    if (outcome === 'attested' || outcome === 'not-due') await ports.alarms.clear(tenant, KEY);
    return outcome;
  } catch (error) {
    await alarmIfLong(ports, tenant);
    throw error;
  }
}

async function alarmIfLong(ports: VouchPorts, tenant: TenantId): Promise<void> {
  const { last, now } = await ports.store.read(tenant, async (tx) => ({
    last: (await tx.workloadState()).last,
    now: await tx.now(),
  }));
  if (last !== null && now - last.at < DAY_MS + ports.provisionalAlarmMs) return;
  const about = { last: last === null ? 'never' : new Date(last.at).toISOString() };
  await ports.alarms.raise(tenant, { key: KEY, code: 'workload-silent', about });
}
