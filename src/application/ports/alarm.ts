import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';

/** What can go wrong beside any bypass. Each has its words where it is told. */
export const ALARM_CODES = [
  /** A witness refuses: this log and what it has seen of it do not go together. */
  'witness-inconsistent',
  /** A witness has cosigned more of this log than there is: it was rolled back, or there are two. */
  'witness-ahead',
  /** A witness does not know this log, or not its key. */
  'witness-unknown-log',
  'witness-unknown-key',
  /** A witness finds the request malformed, or answers what is no cosignature of its key. */
  'witness-request-refused',
  'witness-answer-wrong',
  /** No answer for long. */
  'witness-unreachable',
  'channel-unreachable',
  'mail-unreachable',
  /** An approval stays signed by the service's own key for longer than it should. */
  'entry-provisional',
  /** The service's own identity does not vouch for the log, though it is set to. */
  'workload-silent',
  /** An operator took away the account that a person approves with. */
  'account-unbound',
  /** A press stands in the database that this service did not store so. */
  'press-forged',
  /** A gate that holds exceptions could not be brought to what is wanted. */
  'gate-not-pushed',
  /** A bypass of this gate does nothing: no adapter is set up that could push it. */
  'gate-without-adapter',
  /** The policy has a gate that is none at GitHub, so that no bypass opens it. */
  'gate-unusable',
  /** A gate system lists more deliveries that never came than could be read at once. */
  'deliveries-behind',
  /** A gate lets deploys through by a bypass that has ended. */
  'gate-open',
  /** A deploy was seen that no bypass covers, and that nobody asked about. */
  'deploy-out-of-band',
  /** What a deploy names as its provenance is of something else, or is something else. */
  'provenance-differs',
  /** A gate system tells of deploys in a way that hides whether a bypass let them through. */
  'watch-unreadable',
  /** The app was taken out of a workspace, or its token revoked: nothing reaches its people. */
  'installation-ended',
  /** PagerDuty does not say who is on call, so nobody of a group can be asked or approve. */
  'on-call-unknown',
  /** Somebody is on call whom the policy lists on nobody, so they count for nothing. */
  'on-call-unlisted',
  /** This service left the log longer than it is, or other: the database was restored. It is held. */
  'log-rolled-back',
  /** Jobs that nobody will try again: a message or an entry is missing until somebody looks. */
  'jobs-dead-lettered',
] as const;

export type AlarmCode = (typeof ALARM_CODES)[number];

export interface Alarm {
  /** The same for the same thing going wrong: while it stands it is told once. At most 200 characters. */
  readonly key: string;
  readonly code: AlarmCode;
  /** What the words name: never anything secret, and nothing that people typed. */
  readonly about: Readonly<Record<string, string | number>>;
}

/** An alarm on its way to people. */
export interface AlarmNotice extends Alarm {
  readonly id: string;
  readonly raisedAt: Instant;
  /** `null` while it stands. */
  readonly clearedAt: Instant | null;
}

export interface AlarmStore {
  /**
   * Raises the alarm, with the job that tells it, in one transaction: a killed process loses none.
   * `false` where one with its key and code stands already, so that it is told once however often it
   * is found. One with its key and another code is over with this.
   */
  raise(tenant: TenantId, alarm: Alarm): Promise<boolean>;
  /** The thing is right again: tells so, if an alarm with this key stands. Cheap where none does. */
  clear(tenant: TenantId, key: string): Promise<boolean>;
  /** The keys that begin so of what stands: to clear what is about something that is no more. */
  standing(tenant: TenantId, prefix: string): Promise<readonly string[]>;
  /** What is to be told now; `null` when all of it was. */
  toTell(tenant: TenantId, id: string): Promise<AlarmNotice | null>;
  /** It was told, standing or over as it was in `notice`. */
  told(tenant: TenantId, notice: AlarmNotice): Promise<void>;
  /** Tells it again after a pause. */
  tellLater(tenant: TenantId, id: string, afterMs: number): Promise<void>;
}
