import type { DestinationTimes } from '../ports/outbound.ts';

/** When a checkpoint is to be sent although nothing happened that asks for one. */
export interface Schedule {
  /** The log grew, and nothing was sent for so long. */
  readonly everyMs: number;
  /** A try failed, and none was made for so long. */
  readonly againMs: number;
}

/** Of several replicas that ask at once the first counts up the time, and the others find it so. */
export function isDue(
  { now, wantedAt, sentAt, failingSince }: DestinationTimes,
  { everyMs, againMs }: Schedule,
): boolean {
  const last = Math.max(wantedAt, sentAt ?? 0);
  const afterMs = failingSince === null ? everyMs : againMs;
  return now - last >= Math.min(afterMs, everyMs);
}
