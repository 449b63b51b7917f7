import type { Checks } from './checks.ts';
import type { BundleVerdict } from './checks.ts';
import {
  checkBundle,
  checkService,
  type BundleJob,
  type ServiceJob,
  type SignatureJob,
  type SignatureVerdict,
} from './signature-job.ts';

/** Jobs that were checked ahead, with their verdicts in the same order. */
export interface CheckedJobs {
  readonly jobs: readonly SignatureJob[];
  readonly verdicts: readonly SignatureVerdict[];
}

/**
 * What the signatures of one entry are worth. Those that were not checked ahead are checked when
 * somebody asks, so none is ever passed over.
 */
export class Verdicts {
  readonly #checks: Checks;
  readonly #ahead: CheckedJobs;

  constructor(checks: Checks, ahead: CheckedJobs) {
    this.#checks = checks;
    this.#ahead = ahead;
  }

  service(job: ServiceJob): boolean {
    const { spki, signature, statement } = job;
    const { jobs, verdicts } = this.#ahead;
    for (let place = 0; place < jobs.length; place += 1) {
      const one = jobs[place];
      const isThis =
        one?.kind === 'service' &&
        one.spki === spki &&
        one.signature === signature &&
        one.statement === statement;
      const verdict = isThis ? verdicts[place] : undefined;
      if (typeof verdict === 'boolean') return verdict;
    }
    return checkService(this.#checks, job);
  }

  bundle(job: BundleJob): BundleVerdict {
    const { bundle, statement } = job;
    const place = this.#ahead.jobs.findIndex(
      (one) => one.kind === 'bundle' && one.bundle === bundle && one.statement === statement,
    );
    const verdict = this.#ahead.verdicts[place];
    return typeof verdict === 'object' ? verdict : checkBundle(this.#checks, job);
  }
}
