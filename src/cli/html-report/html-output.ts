import type { Observe } from '#ledger/verify/pinned';
import type { Report } from '#ledger/verify/report';
import { htmlReport } from './html-report.ts';
import { pinsOf, type Brought } from './pins.ts';
import { Timelines } from './timelines.ts';

/** The HTML report of one verification: it listens while the log is read, and is written behind it. */
export class HtmlOutput {
  readonly #timelines = new Timelines();
  readonly observe: Observe = (entry) => this.#timelines.take(entry);

  /** @param verifiedAt epoch milliseconds, by the auditor's clock. */
  page(report: Report, brought: Brought & { readonly verifiedAt: number }): string {
    const { verifiedAt } = brought;
    return htmlReport({
      report,
      verifiedAt,
      pins: pinsOf(brought),
      timelines: this.#timelines.told(),
      timelinesLeftOut: this.#timelines.leftOut,
    });
  }
}
