const CHUNK = 8_192;

/**
 * Numbers one behind the other, eight bytes each. In pieces that never move: an array that grows is
 * copied, and takes twice its memory while it is.
 */
export class Column {
  readonly #chunks: Float64Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length % CHUNK === 0) this.#chunks.push(new Float64Array(CHUNK));
    this.#length += 1;
    this.put(this.#length - 1, value);
  }

  /** Throws RangeError for a place that has no number. */
  at(place: number): number {
    return this.#chunkOf(place)[place % CHUNK] ?? Number.NaN;
  }

  /** Throws RangeError for a place that has no number. */
  put(place: number, value: number): void {
    this.#chunkOf(place)[place % CHUNK] = value;
  }

  #chunkOf(place: number): Float64Array {
    const chunk = place < this.#length ? this.#chunks[Math.floor(place / CHUNK)] : undefined;
    if (chunk === undefined) throw new RangeError(`no number ${place}`);
    return chunk;
  }
}
