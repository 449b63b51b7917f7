import { STRANGERS, type AskingRates } from './asking-limiter.ts';

/** How much may be asked, whichever way one asks. */
export interface AskingLimits extends AskingRates {
  /** From the end of the header to the answer. Clients give up after 2 s. */
  readonly deadlineMs: number;
  readonly maxBodyBytes: number;
}

export const ASKING_LIMITS: AskingLimits = {
  perSecond: 20,
  burst: 60,
  strangers: STRANGERS,
  deadlineMs: 1_500,
  maxBodyBytes: 64 * 1024,
};
