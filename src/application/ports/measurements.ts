import type { Destination } from './outbound.ts';

/** What the database holds at a moment, summed over all tenants. Ages are in seconds. */
export interface Measurements {
  /** Bypasses that open a gate now; drills aside. */
  readonly active: number;
  /** Those that have expired and whose close is not recorded yet: their gates enforce. */
  readonly unclosed: number;
  /** Requests that wait for approval; drills aside. */
  readonly waiting: number;
  /** Deadlines that are due and not met. */
  readonly overdue: number;
  /** By how much the latest of them is. */
  readonly overdueS: number;
  readonly tenants: number;
  readonly entries: number;
  /** Logs of which no checkpoint ever left the house. */
  readonly checkpointsNeverSent: number;
  /** Of the logs that grew since: how long ago a checkpoint left the one that waits for longest. */
  readonly checkpointAgeS: number;
  /** Where checkpoints do not arrive. */
  readonly destinations: Readonly<Record<Destination['kind'], number>>;
  /** Channels and methods that Slack asked not to be called now. */
  readonly pauses: number;
  /** Approvals that the service's own key signed and that Sigstore has not attested yet. */
  readonly provisional: number;
  readonly provisionalS: number;
  readonly queues: readonly QueueMeasurement[];
  /** Alarms that stand; codes without any are left out. */
  readonly alarms: readonly { readonly code: string; readonly standing: number }[];
}

export interface QueueMeasurement {
  readonly queue: string;
  /** May be taken now. */
  readonly ready: number;
  /** Waits for its time. */
  readonly deferred: number;
  readonly active: number;
  /** Failed for the last time. */
  readonly dead: number;
  /** For how long the oldest one may have been taken. */
  readonly oldestS: number;
}
