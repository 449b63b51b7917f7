import { HOUR_MS, MINUTE_MS, type Instant } from '#domain/instant';

/** How late something that time alone brings about may come while a replica runs. */
const LATE_MS = HOUR_MS;

/**
 * Whoever comes back after an outage may write other entries first: the poke that meets deadlines
 * comes once a second, and this is ample for it.
 */
const RETURN_MS = 2 * MINUTE_MS;

/**
 * How far the times of a log have come. Of all times at which it was written to, it keeps those of
 * the last minutes, and the latest behind which it went on: those before that say nothing more.
 */
export class LogTimes {
  #latestAt: Instant = 0;
  /** The latest time after which the log went on for longer than `RETURN_MS`. */
  #wentOnFrom: Instant = -Infinity;
  /** Later ones, in order, each later than all before it. */
  #recent: Instant[] = [];

  get latestAt(): Instant {
    return this.#latestAt;
  }

  note(at: Instant): void {
    if (at <= this.#latestAt) return;
    this.#latestAt = at;
    this.#recent.push(at);
    const still = this.#recent.findIndex((one) => one + RETURN_MS >= at);
    if (still === 0) return;
    this.#wentOnFrom = this.#recent[still - 1] ?? this.#wentOnFrom;
    this.#recent = this.#recent.slice(still);
  }

  /**
   * Whether the log went on without what was due at `dueAt`: it was written to more than an hour
   * later, and for minutes from then on. A log that ends where its service came back did not.
   */
  wentOnBehind(dueAt: Instant): boolean {
    return this.#wentOnFrom > dueAt + LATE_MS;
  }
}
