import { textHash } from './text-hash.ts';

/** A longer text is hardly a name. */
const LONGEST = 128;
const MOST = 16_384;
const SEEN = 4_096;

/**
 * Texts that come again and again (people, services, policies), each kept once. One that comes for
 * the first time is not kept: most of those are of one chain alone.
 */
export class NameTable {
  readonly #names: string[] = [];
  readonly #places = new Map<string, number>();
  /** The hashes of texts seen of late. Should two have the same, one gets its place early. */
  readonly #seen = new Uint32Array(SEEN);

  /** The place of a text that has one; it gets one when it comes for the second time. */
  placeOf(text: string): number | undefined {
    const known = this.#places.get(text);
    if (known !== undefined || text.length > LONGEST || this.#names.length >= MOST) return known;
    const hash = textHash(text, 0);
    if (this.#seen[hash % SEEN] !== hash) {
      this.#seen[hash % SEEN] = hash;
      return undefined;
    }
    const place = this.#names.push(text) - 1;
    this.#places.set(text, place);
    return place;
  }

  /** Throws RangeError for a place that has no name. */
  at(place: number): string {
    const name = this.#names[place];
    if (name === undefined) throw new RangeError(`no name ${place}`);
    return name;
  }
}
