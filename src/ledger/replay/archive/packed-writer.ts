const FIRST_BYTES = 4_096;

/** Bytes that are written one after the other into memory that is used again. */
export class PackedWriter {
  #bytes = Buffer.alloc(FIRST_BYTES);
  #length = 0;

  /** What was written since it was asked last; good until the next byte is written. */
  taken(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return bytes;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** A whole number from 0 to 2^53 − 1: seven bits a byte, the lowest first. */
  count(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  /** A text whose every character is below U+0100: a byte each. */
  narrowText(value: string): void {
    this.count(value.length);
    this.#reserve(value.length);
    this.#length += this.#bytes.write(value, this.#length, 'latin1');
  }

  /** Any text, one with a lone surrogate too. */
  wideText(value: string): void {
    this.count(value.length);
    this.#reserve(value.length * 2);
    this.#length += this.#bytes.write(value, this.#length, 'utf16le');
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
