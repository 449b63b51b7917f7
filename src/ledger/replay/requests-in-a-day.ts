import type { PersonId } from '#domain/ids';
import { DAY_MS, type Instant } from '#domain/instant';

/** Further back than any clock of a database was ever set; up to twice as much is kept. */
const KEPT_MS = 7 * DAY_MS;

interface Asked {
  times: Instant[];
  /** No time is before it. */
  earliest: Instant;
}

/** When each person made requests; drills are counted apart. */
export class RequestsInADay {
  readonly #real = new Map<PersonId, Asked>();
  readonly #drills = new Map<PersonId, Asked>();

  /** Those of the 24 h before `at`. */
  countOf(requester: PersonId, drill: boolean, at: Instant): number {
    let count = 0;
    for (const one of this.#of(drill).get(requester)?.times ?? [])
      if (one > at - DAY_MS) count += 1;
    return count;
  }

  note(requester: PersonId, drill: boolean, at: Instant): void {
    const asked = this.#of(drill).get(requester);
    if (asked === undefined) {
      this.#of(drill).set(requester, { times: [at], earliest: at });
      return;
    }
    asked.times.push(at);
    asked.earliest = Math.min(asked.earliest, at);
    // Not for each request, because all that are kept have to be gone through.
    if (asked.earliest <= at - 2 * KEPT_MS) forget(asked, at - KEPT_MS);
  }

  #of(drill: boolean): Map<PersonId, Asked> {
    return drill ? this.#drills : this.#real;
  }
}

/** What is not after `until`. */
function forget(asked: Asked, until: Instant): void {
  asked.times = asked.times.filter((one) => one > until);
  asked.earliest = asked.times.reduce((a, b) => Math.min(a, b), Infinity);
}
