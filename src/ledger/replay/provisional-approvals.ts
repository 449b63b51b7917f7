import { IndexMap } from './archive/index-map.ts';

/** More people than decide anywhere; one number holds a place and a person. */
const PLACES = 2 ** 32;

/** Approvals that stand provisional, by the index of their entry; few bytes each. */
export class ProvisionalApprovals {
  readonly #standing = new IndexMap();
  readonly #people: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** @param place of the approval's digest among those of the log. */
  add(index: number, place: number, person: string): void {
    const number = this.#numbers.get(person) ?? this.#people.push(person) - 1;
    this.#numbers.set(person, number);
    this.#standing.set(index, number * PLACES + place);
  }

  /** The approval of this index, which then stands no longer. */
  take(index: number): { readonly place: number; readonly person: string } | undefined {
    const both = this.#standing.get(index);
    this.#standing.delete(index);
    if (both === undefined) return undefined;
    const person = this.#people[Math.floor(both / PLACES)];
    return person === undefined ? undefined : { place: both % PLACES, person };
  }
}
