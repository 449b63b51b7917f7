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

  text(): string {
    const head = this.count();
    const isWide = head % 2 === 1;
    const length = Math.floor(head / 2);
    const from = this.#at;
    this.#at = from + length * (isWide ? 2 : 1);
    if (this.#at > this.#bytes.length) throw new RangeError('what was packed breaks off');
    return this.#bytes.toString(isWide ? 'utf16le' : 'latin1', from, this.#at);
  }
}
