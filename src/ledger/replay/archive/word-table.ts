/** There are some hundred tables: few that grow as soon as they are used, and none that is large. */
const FIRST_SLOTS = 128;
const WORDS = 2 ** 32;

/**
 * Places by a word of 32 bits; several may have the same. It is full to three quarters or so, and
 * grows by a quarter: doubled, a large one would mostly be empty.
 */
export class WordTable {
  /** Of each slot, a word, and its place counted from 1; or 0. */
  #words = new Uint32Array(FIRST_SLOTS);
  #places = new Uint32Array(FIRST_SLOTS);
  #size = 0;

  add(word: number, place: number): void {
    if ((this.#size + 1) * 5 > this.#places.length * 4) this.#grow();
    this.#put(word, place + 1);
    this.#size += 1;
  }

  /** The first place of this word that is right, by what `isRight` says. */
  find(word: number, isRight: (place: number) => boolean): number | undefined {
    const { length } = this.#places;
    for (let slot = this.#slotOf(word); ; slot = slot + 1 === length ? 0 : slot + 1) {
      const place = this.#places[slot] ?? 0;
      if (place === 0) return undefined;
      if (this.#words[slot] === word && isRight(place - 1)) return place - 1;
    }
  }

  #slotOf(word: number): number {
    return Math.floor((word * this.#places.length) / WORDS);
  }

  #put(word: number, place: number): void {
    const { length } = this.#places;
    let slot = this.#slotOf(word);
    while (this.#places[slot] !== 0) slot = slot + 1 === length ? 0 : slot + 1;
    this.#words[slot] = word;
    this.#places[slot] = place;
  }

  #grow(): void {
    const [words, places] = [this.#words, this.#places];
    const length = Math.ceil(places.length * 1.25);
    this.#words = new Uint32Array(length);
    this.#places = new Uint32Array(length);
    for (let slot = 0; slot < places.length; slot += 1) {
      const place = places[slot] ?? 0;
      if (place !== 0) this.#put(words[slot] ?? 0, place);
    }
  }
}
