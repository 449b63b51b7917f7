import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { JsonValue } from '#ledger/canonical-json';
import type { Digest } from '#ledger/digest';
import type { Receipt } from './card.ts';

/** What a CDEvent says was deployed. */
export interface Deployed {
  readonly service: string;
  readonly environment: string;
  /** A package URL. */
  readonly artifactId: string;
}

/** An event that a committed entry makes. */
export interface WantedEvent {
  /** The same for every delivery of it, to whomever: unique with the log's origin. */
  readonly id: string;
  readonly type: string;
  readonly entry: Digest;
  readonly deployed: Deployed | null;
}

/** Within a commit: what webhooks are to hear of it, with the jobs that tell them. */
export interface EventWrites {
  wantEvents(events: readonly WantedEvent[]): Promise<void>;
}

/** Where a webhook's deliveries go, and what they are signed with. Never to be logged. */
export interface EventTarget {
  readonly url: string;
  /** `whsec_…` of Standard Webhooks. */
  readonly secret: string;
  /** The secrets that it replaced, for as long as they sign beside it; the newest first. */
  readonly before?: readonly { readonly secret: string; readonly until: Instant }[];
}

/** An event with everything that is told of it. */
export interface ToldEvent {
  readonly id: string;
  readonly type: string;
  /** The log's origin line. */
  readonly origin: string;
  readonly at: Instant;
  /** `null` for a trial. */
  readonly entry: ToldEntry | null;
}

export interface ToldEntry {
  readonly digest: Digest;
  readonly receipt: Receipt;
  /** The event as the statement has it, without what looked people up and what can be erased. */
  readonly said: Readonly<Record<string, JsonValue>>;
  readonly deployed: Deployed | null;
}

export interface EventSender {
  /** One try. Never throws for what the receiver does. */
  send(target: EventTarget, event: ToldEvent): Promise<Attempt>;
}

export type AttemptOutcome =
  | 'delivered'
  /** 410: the receiver wants nothing more. */
  | 'gone'
  /** Any other answer than a 2xx; redirects are not followed. */
  | 'refused'
  | 'unreachable'
  | 'timed-out'
  /** The host is not on the public internet. */
  | 'address-refused'
  /** Not tried: another event is, and the one before failed. */
  | 'held-back';

export interface Attempt {
  readonly outcome: AttemptOutcome;
  /** The HTTP status, where there was one. */
  readonly status: number | null;
  readonly durationMs: number;
  /** The receiver wants to hear of nothing before that is over. */
  readonly retryAfterMs?: number;
}

export interface Subscription {
  readonly id: string;
  readonly host: string;
  readonly types: readonly string[];
  readonly createdAt: Instant;
  readonly goneAt: Instant | null;
}

export interface Delivery {
  readonly id: string;
  readonly subscription: string;
  readonly event: string;
  readonly type: string;
  readonly createdAt: Instant;
  readonly deliveredAt: Instant | null;
  /** Oldest first. */
  readonly attempts: readonly (Attempt & { readonly at: Instant })[];
}

/** A delivery that was not made yet, as it was stored. */
export interface UndeliveredEvent {
  readonly id: string;
  readonly type: string;
  readonly origin: string;
  readonly createdAt: Instant;
  readonly target: EventTarget;
  readonly goneAt: Instant | null;
  /** The receiver asked for more time, which is not over. */
  readonly isHeldBack: boolean;
  readonly entry: {
    readonly digest: Digest;
    readonly receipt: Receipt;
    readonly statement: Uint8Array;
    readonly deployed: Deployed | null;
  } | null;
}

/** Webhooks, what goes to them, and every try of it. */
export interface EventStore {
  /** Its id; `null` where the tenant has as many as it may. */
  subscribe(
    tenant: TenantId,
    target: EventTarget,
    types: readonly string[],
  ): Promise<string | null>;
  subscriptions(tenant: TenantId): Promise<readonly Subscription[]>;
  /**
   * Puts a secret in place of the one before, which signs beside it for `keepMs` more. `false` if
   * there is no such webhook.
   */
  exchangeSecret(
    tenant: TenantId,
    subscription: string,
    secret: string,
    keepMs: number,
  ): Promise<boolean>;
  /** With its deliveries, made or not; `false` if there is none such. */
  unsubscribe(tenant: TenantId, subscription: string): Promise<boolean>;
  /** Leaves a trial for a service to send, and gives its delivery; `null` if there is none such. */
  addTrial(tenant: TenantId, subscription: string): Promise<string | null>;
  /** The newest first. */
  deliveries(
    tenant: TenantId,
    which: {
      readonly subscription?: string;
      readonly delivery?: string;
      readonly limit: number;
    },
  ): Promise<readonly Delivery[]>;
  /** Leaves it to be sent once more, under the same id; `false` if there is none such. */
  wantAgain(tenant: TenantId, delivery: string): Promise<boolean>;
  /** Leaves a job for each delivery that somebody wants. */
  sendWanted(tenant: TenantId): Promise<number>;
  /** `null` once it was delivered, or its webhook is no more. */
  undelivered(tenant: TenantId, delivery: string): Promise<UndeliveredEvent | null>;
  attempted(tenant: TenantId, delivery: string, attempt: Attempt): Promise<void>;
  /** Forgets deliveries older than this, the oldest first, some at a time; gives how many. */
  forget(tenant: TenantId, olderThanMs: number): Promise<number>;
}
