import { hash } from 'node:crypto';
import { peaksOf } from './compact-range.ts';
import { SHA256_BYTES } from './digest.ts';
import { emptyRoot, nodeHash } from './merkle.ts';

/** How many trees before the present one it still has the roots of. */
const KEPT = 1_024;

const LEAF = '\u0000';
/** What is hashed for a node: written over for each, because a log has as many as entries. */
const nodeBytes = new Uint8Array(1 + 2 * SHA256_BYTES).fill(0x01, 0, 1);

/**
 * A tree that is read from its leaves (RFC 6962 §2.1). Of each level it keeps the last nodes, as
 * many as the next append and the last trees are made of, in memory that is used again: so it stays
 * as small as it is, however long the log.
 */
export class GrowingTree {
  readonly #levels: Level[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param leaf the bytes of a leaf, as ASCII. */
  append(leaf: string): void {
    let index = this.#size;
    hashInto(LEAF + leaf, this.#level(0), index);
    // Joins equals, as a binary counter carries.
    for (let level = 0; index % 2 === 1; level += 1) {
      nodeBytes.set(this.#level(level).pairUpTo(index), 1);
      index = Math.floor(index / 2);
      hashInto(nodeBytes, this.#level(level + 1), index);
    }
    this.#size += 1;
  }

  /** The root of all leaves. */
  get root(): Uint8Array {
    return this.#rootOf(this.#size);
  }

  /** The root of the first `size` leaves, before others came; `undefined` for long ago. */
  rootBefore(size: number): Uint8Array | undefined {
    const isKept = size < this.#size && size >= this.#size - KEPT;
    return isKept ? this.#rootOf(size) : undefined;
  }

  #rootOf(size: number): Uint8Array {
    const peaks = peaksOf(size).map(({ level, index }) => this.#level(level).node(index));
    const smallest = peaks.pop();
    if (smallest === undefined) return emptyRoot();
    // A copy: the node is written over as the tree grows.
    return peaks.reduceRight((right, left) => nodeHash(left, right), smallest.slice());
  }

  #level(level: number): Level {
    const known = this.#levels[level] ?? new Level(level);
    this.#levels[level] = known;
    return known;
  }
}

/** The last nodes of a level. */
class Level {
  readonly #bytes: Uint8Array;
  readonly #nodes: number;

  constructor(level: number) {
    // A tree of `KEPT` leaves less than now lacks so many nodes of this level, or one more; the one
    // before those is its own peak. An even number, so that the two of a pair stand side by side.
    this.#nodes = 2 * Math.ceil((Math.floor(KEPT / 2 ** level) + 2) / 2);
    this.#bytes = new Uint8Array(this.#nodes * SHA256_BYTES);
  }

  placeOf(index: number): number {
    return (index % this.#nodes) * SHA256_BYTES;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** A window on a node of the last few. */
  node(index: number): Uint8Array {
    const place = this.placeOf(index);
    return this.#bytes.subarray(place, place + SHA256_BYTES);
  }

  /** A window on the nodes `last - 1` and `last`; that one is a right child. */
  pairUpTo(last: number): Uint8Array {
    const place = this.placeOf(last - 1);
    return this.#bytes.subarray(place, place + 2 * SHA256_BYTES);
  }
}

function hashInto(data: string | Uint8Array, level: Level, index: number): void {
  // A text of the 32 bytes costs a third of what a buffer of its own does.
  const text = hash('sha256', data, 'binary');
  const { bytes } = level;
  const place = level.placeOf(index);
  for (let at = 0; at < SHA256_BYTES; at += 1) bytes[place + at] = text.charCodeAt(at);
}
