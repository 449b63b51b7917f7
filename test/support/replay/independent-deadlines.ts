import type { RecordedBypassEvent, RecordedEvent } from '#ledger/recorded-event';

const HOUR = 3_600_000;
const TWO_MINUTES = 120_000;

/**
 * What time alone should have brought about and did not. A service that was down may come late: it is
 * told only once the log has gone on for two minutes, an hour or more behind the deadline.
 */
export function forgotten(log: readonly RecordedEvent[]): readonly string[] {
  const times = log.map((one) => one.at);
  const late = (dueAt: number): boolean => {
    const back = times.find((at) => at > dueAt + HOUR);
    return back !== undefined && times.some((at) => at > back + TWO_MINUTES);
  };
  return log.flatMap((event, place) => {
    if (!('bypass' in event)) return [];
    const after = log
      .slice(place + 1)
      .flatMap((one) => ('bypass' in one && one.bypass === event.bypass ? [one] : []));
    const dueAt = deadlineOf(event, after);
    return dueAt !== null && late(dueAt) ? [`${place} ${event.type}: its end is missing`] : [];
  });
}

/** When what this event began should be over; `null` if it is, or if it began nothing. */
function deadlineOf(
  event: RecordedBypassEvent,
  after: readonly RecordedBypassEvent[],
): number | null {
  const types = new Set(after.map((one) => one.type));
  if (event.type === 'request.opened')
    return ENDS.some((type) => types.has(type)) ? null : event.pendingUntilAt;
  if (event.type === 'bypass.activated') return types.has('bypass.closed') ? null : event.expiresAt;
  if (event.type !== 'deploy.reverted' || event.result !== 'pending') return null;
  const told = after.some(
    (one) =>
      one.type === 'deploy.reverted' &&
      one.deploy === event.deploy &&
      one.member === event.member &&
      one !== event,
  );
  return told ? null : event.at;
}

const ENDS = ['bypass.activated', 'request.denied', 'request.withdrawn', 'request.lapsed'] as const;
