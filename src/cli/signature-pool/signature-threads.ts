import type { SignatureJob, SignatureVerdict } from '#ledger/verify/signature-job';
import type { SignaturePool } from '#ledger/verify/signature-pool';
import { SignatureThread } from './signature-thread.ts';

/** A batch that is checked and one that waits, for each thread: none is idle between two. */
const BATCHES_EACH = 2;

/** Checks signatures on threads of their own, under the trusted root that was pinned. */
export class SignatureThreads implements SignaturePool, AsyncDisposable {
  readonly width: number;
  readonly #threads: readonly SignatureThread[];

  /** @param count how many threads; at least one. */
  constructor(count: number, trustedRoot: unknown) {
    this.#threads = Array.from({ length: count }, () => new SignatureThread({ trustedRoot }));
    this.width = count * BATCHES_EACH;
  }

  /** Rejects with SignatureWorkerDied if the thread that was asked ends before it answers. */
  async check(jobs: readonly SignatureJob[]): Promise<readonly SignatureVerdict[]> {
    const [first, ...others] = this.#threads;
    if (first === undefined) throw new RangeError('no thread to check signatures');
    const idlest = others.reduce((a, b) => (b.waiting < a.waiting ? b : a), first);
    const verdicts = await idlest.check(jobs);
    // An answer to fewer questions would leave some of them unasked.
    if (verdicts.length !== jobs.length) throw new RangeError('verdicts are missing');
    return verdicts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((one) => one.end()));
  }
}
