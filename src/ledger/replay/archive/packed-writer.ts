const FIRST_BYTES = 4_096;
/** A text of up to so many characters is written faster here than by a call out of the engine. */
const SHORT = 24;
const WIDE = /[\u0100-\uffff]/;

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
    // Bitwise operators are for 32 bits.
    while (rest >= 2 ** 31) {
      this.byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.byte((rest & 127) | 128);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  /** Any text, one with a lone surrogate too: a byte a character, if every one is below U+0100. */
  text(value: string): void {
    const isWide = WIDE.test(value);
    this.count(value.length * 2 + (isWide ? 1 : 0));
    this.#reserve(value.length * 2);
    if (isWide) this.#length += this.#bytes.write(value, this.#length, 'utf16le');
    else if (value.length > SHORT) this.#length += this.#bytes.write(value, this.#length, 'latin1');
    else
      for (let at = 0; at < value.length; at += 1) {
        this.#bytes[this.#length] = value.charCodeAt(at);
        this.#length += 1;
      }
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
