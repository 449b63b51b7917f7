import type { RateLimit } from './token-bucket.ts';

/** How much one token may ask, whichever way it asks. */
export interface AskingLimits extends RateLimit {
  /** From the end of the header to the answer. Clients give up after 2 s. */
  readonly deadlineMs: number;
  readonly maxBodyBytes: number;
}

export const ASKING_LIMITS: AskingLimits = {
  perSecond: 20,
  burst: 60,
  deadlineMs: 1_500,
  maxBodyBytes: 64 * 1024,
};
