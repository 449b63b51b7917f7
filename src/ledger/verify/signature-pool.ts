import type { Checks } from './checks.ts';
import { checkJob, type SignatureJob, type SignatureVerdict } from './signature-job.ts';

/** Where signatures are checked while the log is read on: other threads, if there are any. */
export interface SignaturePool {
  /** How many batches may be under way at once. Reading waits for the oldest, so memory is bounded. */
  readonly width: number;
  /** How many signatures of a service's key make a batch, if it is not for the reader to say. */
  readonly batch?: number;
  /**
   * Checks a batch; gives the verdicts in the order of the jobs, one for each. Rejects if they could
   * not be checked: a verification without them would be none.
   */
  readonly check: (jobs: readonly SignatureJob[]) => Promise<readonly SignatureVerdict[]>;
}

/** Few, so that what is read ahead is soon let go: what outlives a collection makes it dear. */
const BATCH_HERE = 48;

/**
 * Checks where it is asked. In batches all the same: signatures that are checked one behind the
 * other find the tables of the curve in the processor's cache.
 */
export function inThisThread(checks: Checks): SignaturePool {
  return {
    width: 1,
    batch: BATCH_HERE,
    check: async (jobs) => jobs.map((job) => checkJob(checks, job)),
  };
}
