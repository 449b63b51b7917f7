import type { ByteArchive } from '../../byte-archive.ts';
import { SHA256_BYTES, digestFromBytes, type Digest } from '../../digest.ts';
import { ByteLog } from './byte-log.ts';
import { WordTable } from './word-table.ts';

/** A table of each: so what grows at one time, and stands twice in memory while it does, is small. */
const TABLES = 256;
const PREFIX = 'sha256:'.length;
/** How many digests of late have their places at hand; a power of two. */
const AT_HAND = 4_096;

const NO_DIGIT = 0x80;
/** The value of each hexadecimal digit, by its character. */
const VALUES = new Uint8Array(128).fill(NO_DIGIT);
for (let value = 0; value < 16; value += 1) VALUES[value.toString(16).charCodeAt(0)] = value;

/**
 * Digests in the order in which they came. They stand in an archive, whole; here is what they are
 * found by, some 11 bytes each: a set of their texts takes ten times as much, and a log has millions.
 */
export class DigestTable {
  readonly #archive: ByteArchive;
  /** By the first byte of a digest; in them, by its second word. */
  readonly #tables = Array.from({ length: TABLES }, () => new WordTable());
  #size = 0;
  /** Digests of late, whole, each in the slot that its first digits name: most that is asked is of them. */
  readonly #lateDigests: (Digest | undefined)[] = Array.from({ length: AT_HAND });
  readonly #latePlaces = new Uint32Array(AT_HAND);
  readonly #asked = new Uint8Array(SHA256_BYTES);
  readonly #words = new Uint32Array(this.#asked.buffer);

  /** @param archive for the digests, and for nothing else. */
  constructor(archive: ByteArchive = new ByteLog()) {
    this.#archive = archive;
  }

  get size(): number {
    return this.#size;
  }

  /** The place of a digest, from 0; `undefined` for one that was not added. */
  placeOf(digest: Digest): number | undefined {
    const slot = slotOf(digest);
    if (this.#lateDigests[slot] === digest) return this.#latePlaces[slot];
    this.#ask(digest);
    return this.#table.find(this.#word, this.#isAsked);
  }

  has(digest: Digest): boolean {
    return this.placeOf(digest) !== undefined;
  }

  /** Takes a digest; gives its place, which is its first one, if it was added before. */
  add(digest: Digest): number {
    const known = this.placeOf(digest);
    if (known !== undefined) return known;
    this.#archive.append(this.#asked);
    this.#table.add(this.#word, this.#size);
    const slot = slotOf(digest);
    this.#lateDigests[slot] = digest;
    this.#latePlaces[slot] = this.#size;
    this.#size += 1;
    return this.#size - 1;
  }

  /** Throws RangeError for a place that has no digest. */
  at(place: number): Digest {
    if (place >= this.#size) throw new RangeError(`no digest ${place}`);
    return digestFromBytes(this.#read(place));
  }

  /** Reads the digest that is asked for. */
  #ask(digest: Digest): void {
    let bad = digest.length - PREFIX - 2 * SHA256_BYTES;
    for (let byte = 0, at = PREFIX; byte < SHA256_BYTES; byte += 1, at += 2) {
      const high = VALUES[digest.charCodeAt(at)] ?? NO_DIGIT;
      const low = VALUES[digest.charCodeAt(at + 1)] ?? NO_DIGIT;
      bad |= (high | low) & NO_DIGIT;
      this.#asked[byte] = (high << 4) | low;
    }
    // What is no digest would be found as another.
    if (bad !== 0) throw new RangeError('not a SHA-256 digest');
  }

  get #table(): WordTable {
    const table = this.#tables[this.#asked[0] ?? 0];
    if (table === undefined) throw new RangeError('a byte has no table');
    return table;
  }

  /** Of what is asked for; not its first word, whose bytes chose the table. */
  get #word(): number {
    return this.#words[1] ?? 0;
  }

  /** Two digests can have a word in common; they are the same if they are in all of them. */
  readonly #isAsked = (place: number): boolean => {
    const bytes = this.#read(place);
    for (let byte = 0; byte < SHA256_BYTES; byte += 1)
      if (bytes[byte] !== this.#asked[byte]) return false;
    return true;
  };

  #read(place: number): Uint8Array {
    return this.#archive.read(place * SHA256_BYTES, SHA256_BYTES);
  }
}

function slotOf(digest: Digest): number {
  const first = VALUES[digest.charCodeAt(PREFIX)] ?? 0;
  const second = VALUES[digest.charCodeAt(PREFIX + 1)] ?? 0;
  const third = VALUES[digest.charCodeAt(PREFIX + 2)] ?? 0;
  return ((first << 8) | (second << 4) | third) % AT_HAND;
}
