/** Reads what a PackedWriter wrote. */
export class PackedReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new RangeError('what was packed breaks off');
    this.#at += 1;
    return value;
  }

  count(): number {
    let [value, unit] = [0, 1];
    for (;;) {
      const next = this.byte();
      value += (next % 128) * unit;
      if (next < 128) return value;
      unit *= 128;
    }
  }

  double(): number {
    this.#at += 8;
    return this.#bytes.readDoubleLE(this.#at - 8);
  }

  narrowText(): string {
    return this.#text('latin1', 1);
  }

  wideText(): string {
    return this.#text('utf16le', 2);
  }

  #text(encoding: 'latin1' | 'utf16le', width: number): string {
    const length = this.count();
    const from = this.#at;
    this.#at = from + length * width;
    if (this.#at > this.#bytes.length) throw new RangeError('what was packed breaks off');
    return this.#bytes.toString(encoding, from, this.#at);
  }
}
