import type { PersonId } from '#domain/ids';
import { DAY_MS, type Instant } from '#domain/instant';

/** Further back than any clock of a database was ever set. */
const KEPT_MS = 7 * DAY_MS;

/** When each person made requests; drills are counted apart. */
export class RequestsInADay {
  readonly #real = new Map<PersonId, Instant[]>();
  readonly #drills = new Map<PersonId, Instant[]>();

  /** Those of the 24 h before `at`. */
  countOf(requester: PersonId, drill: boolean, at: Instant): number {
    const times = this.#of(drill).get(requester) ?? [];
    return times.filter((one) => one > at - DAY_MS).length;
  }

  note(requester: PersonId, drill: boolean, at: Instant): void {
    const times = this.#of(drill).get(requester) ?? [];
    const kept = times.filter((one) => one > at - KEPT_MS);
    this.#of(drill).set(requester, [...kept, at]);
  }

  #of(drill: boolean): Map<PersonId, Instant[]> {
    return drill ? this.#drills : this.#real;
  }
}
