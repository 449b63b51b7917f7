import type { BypassId, TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { BypassCard } from './card.ts';

/** The ways to reach approvers outside Slack. */
export const PAGER_KINDS = ['webhook', 'pagerduty', 'mail'] as const;

export type PagerKind = (typeof PAGER_KINDS)[number];

export interface Pager {
  /**
   * Raises, repeats or resolves the page of one bypass. One try: the queue of its kind repeats it, so
   * that a way that fails holds up no other. @throws PageFailed.
   */
  page(page: Page): Promise<void>;
}

/** The ways that a tenant has; a page of one tenant goes by no other's. */
export interface Pagers {
  of(tenant: TenantId): Promise<Readonly<Partial<Record<PagerKind, Pager>>>>;
}

export interface Page {
  /** The same for each try of one message, so that the receiver can drop repeats. */
  readonly id: string;
  readonly kind: 'asked' | 'escalated' | 'resolved';
  /** The database's time of this try: receivers refuse what a replica's wrong clock would sign. */
  readonly at: Instant;
  readonly card: BypassCard;
  /**
   * Tells the rings of one bypass apart: whatever wakes people again has another. The one that is
   * rung, or those that are resolved: all that may have reached the receiver.
   */
  readonly rings: readonly string[];
  /** Addresses of those who are asked now; empty where they are not needed. */
  readonly addresses: readonly string[];
  /** Where an approver goes from here, if the service knows one. */
  readonly link: string | null;
}

export class PageFailed extends Error {
  override name = 'PageFailed';
  readonly code: 'unavailable' | 'rejected' | 'address-refused';
  constructor(code: 'unavailable' | 'rejected' | 'address-refused', options?: ErrorOptions) {
    super(`the page was not delivered: ${code}`, options);
    this.code = code;
  }
}

/** One ring of a bypass by one way. */
export interface Ring {
  readonly bypass: BypassId;
  readonly way: PagerKind;
  readonly ring: string;
}

/** What was paged. */
export interface PageStore {
  /**
   * Notes that the ring may be out there, before it is sent: whatever happens then, it is resolved.
   * `false` where it was sent already.
   */
  begin(tenant: TenantId, ring: Ring): Promise<boolean>;
  sent(tenant: TenantId, ring: Ring): Promise<void>;
  /** All that may be out there; `known` where it was heard that it was taken. */
  ringsOf(
    tenant: TenantId,
    about: Pick<Ring, 'bypass' | 'way'>,
  ): Promise<readonly { readonly ring: string; readonly known: boolean }[]>;
  resolved(
    tenant: TenantId,
    about: Pick<Ring, 'bypass' | 'way'>,
    rings: readonly string[],
  ): Promise<void>;
}
