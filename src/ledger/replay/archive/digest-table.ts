import type { Digest } from '../../digest.ts';

const WORDS = 8;
const CHUNK = 32_768;
const FIRST_SLOTS = 1_024;
const PREFIX = 'sha256:'.length;

/**
 * Digests in the order in which they came: 32 bytes each, and some 8 more to find them by. A set of
 * their texts takes five times as much, and a log has millions.
 */
export class DigestTable {
  readonly #chunks: Uint32Array[] = [];
  /** Places counted from 1, by the first word of their digest; 0 where there is none. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #size = 0;
  readonly #asked = new Uint32Array(WORDS);
  readonly #askedBytes = Buffer.from(this.#asked.buffer);

  get size(): number {
    return this.#size;
  }

  /** The place of a digest, from 0; `undefined` for one that was not added. */
  placeOf(digest: Digest): number | undefined {
    this.#ask(digest);
    const found = this.#slots[this.#slotOf()] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  has(digest: Digest): boolean {
    return this.placeOf(digest) !== undefined;
  }

  /** Takes a digest, which then has a place; its first one, if it was added before. */
  add(digest: Digest): void {
    this.#ask(digest);
    const slot = this.#slotOf();
    if (this.#slots[slot] !== 0) return;
    if (this.#size % CHUNK === 0) this.#chunks.push(new Uint32Array(CHUNK * WORDS));
    this.#chunks.at(-1)?.set(this.#asked, (this.#size % CHUNK) * WORDS);
    this.#size += 1;
    this.#slots[slot] = this.#size;
    if (this.#size * 2 > this.#slots.length) this.#grow();
  }

  /** Throws RangeError for a place that has no digest. */
  at(place: number): Digest {
    const chunk = this.#chunks[Math.floor(place / CHUNK)];
    if (chunk === undefined || place >= this.#size) throw new RangeError(`no digest ${place}`);
    const from = (place % CHUNK) * WORDS;
    const bytes = Buffer.from(chunk.buffer, from * 4, WORDS * 4);
    return `sha256:${bytes.toString('hex')}` as Digest;
  }

  #ask(digest: Digest): void {
    const written = this.#askedBytes.write(digest.slice(PREFIX), 'hex');
    // What is no digest would be found as whatever was asked for before it.
    if (written !== WORDS * 4) throw new RangeError('not a SHA-256 digest');
  }

  /** The slot that holds what was asked for, or else the free one where it belongs. */
  #slotOf(): number {
    const mask = this.#slots.length - 1;
    let slot = (this.#asked[0] ?? 0) & mask;
    for (;;) {
      const place = this.#slots[slot] ?? 0;
      if (place === 0 || this.#isAsked(place - 1)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isAsked(place: number): boolean {
    const chunk = this.#chunks[Math.floor(place / CHUNK)];
    const from = (place % CHUNK) * WORDS;
    for (let word = 0; word < WORDS; word += 1)
      if (chunk?.[from + word] !== this.#asked[word]) return false;
    return true;
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let place = 0; place < this.#size; place += 1) {
      const first = this.#chunks[Math.floor(place / CHUNK)]?.[(place % CHUNK) * WORDS] ?? 0;
      let slot = first & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = place + 1;
    }
    this.#slots = slots;
  }
}
