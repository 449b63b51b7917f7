import type { TenantId } from '#domain/ids';
import type { AlarmStore } from '../ports/alarm.ts';
import type { LogHoldStore, SeenHead } from '../ports/log-hold.ts';

export interface ComparePorts {
  readonly holds: LogHoldStore;
  readonly alarms: Pick<AlarmStore, 'raise'>;
}

/**
 * Holds a log against a head of it that was seen. Where the log does not have it, it was rolled back:
 * it is held, which every replica goes by from then on, and the security channel is told. `had`
 * otherwise, or `acknowledged` for a head from before a restore that an operator knows of.
 */
export async function compareLog(
  { holds, alarms }: ComparePorts,
  tenant: TenantId,
  seen: SeenHead,
): ReturnType<LogHoldStore['compare']> {
  const compared = await holds.compare(tenant, seen);
  if (compared.outcome === 'held') {
    const about = { seen: seen.size, size: compared.size };
    await alarms.raise(tenant, { key: ROLLED_BACK, code: 'log-rolled-back', about });
  }
  return compared;
}

/** One at a time, however many heads are gone. */
export const ROLLED_BACK = 'log rolled back';
