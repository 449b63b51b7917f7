import type { BypassCard } from './card.ts';

/** A way to reach approvers outside Slack. */
export interface Pager {
  /**
   * Raises, repeats or resolves the page of one bypass; the receiver joins what has the same
   * `dedupKey`. @throws PageFailed.
   */
  page(page: Page): Promise<void>;
}

export interface Page {
  /** The same for each try of one message, so that the receiver can drop repeats. */
  readonly id: string;
  readonly kind: 'asked' | 'escalated' | 'resolved';
  readonly card: BypassCard;
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
