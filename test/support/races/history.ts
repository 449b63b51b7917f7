import type { PressAction } from '#application/ports/press';
import type { DeployFacts } from '#domain/scope';
import type { RecordedEvent } from '#ledger/recorded-event';

/** A place in the order in which things were seen from outside; it grows by one with each. */
export type Moment = number;

/** What a run showed to whoever looks at it from outside, and what it left in the database. */
export interface History {
  readonly observed: readonly Observation[];
  readonly tenants: readonly TenantRecord[];
}

export type Observation =
  | Answered
  | Acknowledged
  | Committed
  | Published
  | Told
  | Limited
  | Paged
  | Stopped;

interface Seen<Kind extends string> {
  readonly kind: Kind;
  readonly moment: Moment;
  readonly tenant: string;
}

/** A decision was heard. */
export interface Answered extends Seen<'answered'> {
  /** When the question was sent. */
  readonly asked: Moment;
  readonly replica: number;
  /** How far the replica's own clock is from the database's, in milliseconds. */
  readonly skewMs: number;
  /** Questions of one round were asked with nothing in between. */
  readonly round: number;
  readonly facts: DeployFacts;
  readonly decision: 'bypass' | 'enforce';
  readonly reason: string;
  /** The statement digest of the activation. */
  readonly entry: string | null;
  readonly expiresAt: number | null;
  /** The database's time at which the answer held. */
  readonly serverTime: number;
  readonly database: 'up' | 'slow' | 'gone';
  /** Whether it was heard before the client gave up. */
  readonly inTime: boolean;
}

/** A press was stored, so that its presser may be told. */
export interface Acknowledged extends Seen<'acknowledged'> {
  readonly key: string;
  readonly account: string;
  readonly action: PressAction;
}

/** A commit ended; the log then had so many entries. */
export interface Committed extends Seen<'committed'> {
  readonly size: number;
}

/** A card was sent, or was to be. */
export interface Published extends Seen<'published'> {
  readonly surface: string;
  readonly bypass: string;
  /** What a limit counts against: a channel, or one person. */
  readonly channel: string;
  /** The workspace it went to. */
  readonly team: string;
  readonly drill: boolean;
  /** What it showed, as one comparable text. */
  readonly shows: string;
  /** When its sender took it up: what was stored since, it need not know. */
  readonly begun: Moment;
  /** By the database's clock. */
  readonly at: number;
  readonly outcome: Outcome;
}

/** `lost`: it arrived, and its sender never heard so. */
export type Outcome =
  | 'sent'
  | 'lost'
  | 'unavailable'
  /** The app was taken out: it waits until it is installed again. */
  | 'not-installed'
  | { readonly retryAfterMs: number };

/** A note was sent, or was to be. */
export interface Told extends Seen<'told'> {
  readonly team: string;
  readonly channel: string;
  readonly note: string;
  /** What the note is about; `null` for nothing that is known. */
  readonly bypass: string | null;
  readonly begun: Moment;
  readonly at: number;
  readonly outcome: Outcome;
}

/** The Retry-After that a message got was stored, for every replica to see. */
export interface Limited extends Seen<'limited'> {
  readonly message: Moment;
}

export interface Paged extends Seen<'paged'> {
  readonly page: string;
  readonly about: 'asked' | 'escalated' | 'resolved';
  readonly bypass: string;
}

/** A replica stopped at this step, as if it was killed there. */
export interface Stopped extends Seen<'stopped'> {
  readonly work: string;
  readonly step: string;
}

/** What stands of one tenant in the end, with nothing left to do. */
export interface TenantRecord {
  readonly tenant: string;
  readonly team: string;
  /** By the database's clock, when this was read. */
  readonly at: number;
  readonly entries: readonly EntryRecord[];
  readonly checkpoints: readonly { readonly size: number; readonly root: string }[];
  readonly bypasses: readonly BypassRecord[];
  readonly presses: readonly PressRecord[];
  readonly surfaces: readonly SurfaceRecord[];
  readonly notes: readonly NoteRecord[];
  readonly jobs: readonly JobRecord[];
  readonly deadlines: readonly DeadlineRecord[];
  /** `<team>/<user>` and whose account it is. */
  readonly people: Readonly<Record<string, string>>;
}

export interface EntryRecord {
  readonly index: number;
  /** Of the statement. */
  readonly digest: string;
  /** RFC 6962 §2.1, in hex. */
  readonly leaf: string;
  readonly event: RecordedEvent;
}

export interface BypassRecord {
  readonly id: string;
  readonly chain: string;
  readonly phase: string;
  readonly drill: boolean;
  readonly requester: string;
  readonly expiresAt: number | null;
  readonly endedAt: number | null;
  /** What a card about it is to show now, as one comparable text. */
  readonly shows: string;
}

export interface PressRecord {
  readonly key: string;
  readonly account: string;
  readonly outcome: 'done' | 'refused' | null;
  /** Its approver was sent a link, and has not signed in. */
  readonly awaitsSignIn: boolean;
}

export interface SurfaceRecord {
  readonly id: string;
  readonly bypass: string;
  readonly kind: string;
  readonly wanted: number;
  readonly shown: number;
  readonly posted: boolean;
}

export interface NoteRecord {
  readonly id: string;
  readonly account: string;
  readonly kind: string;
  readonly told: boolean;
}

export interface JobRecord {
  readonly queue: string;
  readonly state: string;
  /** The id of what it is about. */
  readonly about: string;
}

export interface DeadlineRecord {
  readonly kind: string;
  readonly bypass: string;
  readonly dueAt: number;
}

/** One thing that must not have been. */
export interface Violation {
  readonly rule: number;
  readonly tenant: string;
  readonly what: string;
}

export type Rule = (history: History) => readonly Violation[];
