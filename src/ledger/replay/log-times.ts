import { HOUR_MS, MINUTE_MS, type Instant } from '#domain/instant';

/** How late something that time alone brings about may come while a replica runs. */
const LATE_MS = HOUR_MS;

/**
 * Whoever comes back after an outage may write other entries first: the poke that meets deadlines
 * comes once a second, and this is ample for it.
 */
const RETURN_MS = 2 * MINUTE_MS;

/** Times that are past and still stand in the list, before it is made anew. */
const MOST_PAST = 1_024;

/**
 * How far the times of a log have come. Of all times at which it was written to, it keeps those of
 * the last minutes, and the latest behind which it went on: those before that say nothing more.
 */
export class LogTimes {
  #latestAt: Instant = 0;
  /** The latest time after which the log went on for longer than `RETURN_MS`. */
  #wentOnFrom: Instant = -Infinity;
  /** Times in order, each later than all before it; those from `#first` on are still recent. */
  #recent: Instant[] = [];
  #first = 0;

  get latestAt(): Instant {
    return this.#latestAt;
  }

  note(at: Instant): void {
    if (at <= this.#latestAt) return;
    this.#latestAt = at;
    this.#recent.push(at);
    let past = this.#recent[this.#first] ?? at;
    while (past + RETURN_MS < at) {
      this.#wentOnFrom = past;
      this.#first += 1;
      past = this.#recent[this.#first] ?? at;
    }
    if (this.#first < MOST_PAST) return;
    this.#recent = this.#recent.slice(this.#first);
    this.#first = 0;
  }

  /**
   * Whether the log went on without what was due at `dueAt`: it was written to more than an hour
   * later, and for minutes from then on. A log that ends where its service came back did not.
   */
  wentOnBehind(dueAt: Instant): boolean {
    return this.#wentOnFrom > dueAt + LATE_MS;
  }
}
