import { HOUR_MS, MINUTE_MS, type Instant } from '#domain/instant';

/** How late something that time alone brings about may come while a replica runs. */
const LATE_MS = HOUR_MS;

/**
 * Whoever comes back after an outage may write other entries first: the poke that meets deadlines
 * comes once a second, and this is ample for it.
 */
const RETURN_MS = 2 * MINUTE_MS;

/** The times at which a log was written, in order: each later than all before it. */
export class LogTimes {
  readonly #times: Instant[] = [];

  get latestAt(): Instant {
    return this.#times.at(-1) ?? 0;
  }

  note(at: Instant): void {
    if (at > this.latestAt) this.#times.push(at);
  }

  /**
   * Whether the log went on without what was due at `dueAt`: it was written to more than an hour
   * later, and for minutes from then on. A log that ends where its service came back did not.
   */
  wentOnBehind(dueAt: Instant): boolean {
    const backAt = this.#firstBehind(dueAt + LATE_MS);
    return backAt !== undefined && this.latestAt > backAt + RETURN_MS;
  }

  #firstBehind(at: Instant): Instant | undefined {
    let [from, to] = [0, this.#times.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#times[middle] ?? 0) > at) to = middle;
      else from = middle + 1;
    }
    return this.#times[from];
  }
}
