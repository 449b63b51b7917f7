const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const TILDE = 0x7e;
const ZERO = 0x30;
const COMMA = 0x2c;
const CLOSE = 0x7d;
/** Of so few characters, V8 makes a copy and no slice. */
const SHORT = 13;
/** Every number of so many digits is a safe integer (RFC 7493 §2.2). */
const MOST_DIGITS = 15;

/**
 * Canonical JSON (RFC 8785) that is read where it stands, from left to right, without being parsed
 * first: of printable ASCII and without escapes, as nearly all of a log is. Whatever is read moves
 * the place to behind it; `undefined` and `false` say that something else stands there, right or
 * wrong, and leave the place anywhere.
 */
export class PlainText {
  /** Where the next is read. */
  at = 0;
  readonly text: string;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // The same as in UTF-8, for all that is read here.
    this.text = this.#bytes.toString('latin1');
  }

  static of(text: string): PlainText {
    return new PlainText(Buffer.from(text, 'utf8'));
  }

  get isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  /** Goes past these very characters. */
  skip(characters: string): boolean {
    const end = this.at + characters.length;
    if (!this.#stands(characters, end)) return false;
    this.at = end;
    return true;
  }

  /** Goes past a member that is written so, name and all. */
  skipMember(written: string): boolean {
    const end = this.at + written.length;
    // A number that goes on is another number.
    const next = this.#bytes[end];
    if ((next !== COMMA && next !== CLOSE) || !this.#stands(written, end)) return false;
    this.at = end;
    return true;
  }

  #stands(characters: string, end: number): boolean {
    // A slice is compared a word at a time, but has to be made; `startsWith` goes by characters.
    return characters.length < SHORT
      ? this.text.startsWith(characters, this.at)
      : this.text.slice(this.at, end) === characters;
  }

  /** The byte that stands there; not a number behind the end. */
  byteAt(place: number): number {
    return this.#bytes[place] ?? NaN;
  }

  /**
   * What stands between two places, on its own: a slice would keep all of the text in memory for as
   * long as somebody keeps the slice.
   */
  copy(from: number, to: number): string {
    if (to - from < SHORT) return this.text.slice(from, to);
    return this.#bytes.toString('latin1', from, to);
  }

  string(): string | undefined {
    const bytes = this.#bytes;
    const from = this.at + 1;
    if (bytes[this.at] !== QUOTE) return undefined;
    for (let place = from; place < bytes.length; place += 1) {
      const byte = bytes[place] ?? 0;
      if (byte === QUOTE) {
        this.at = place + 1;
        return this.copy(from, place);
      }
      if (byte < SPACE || byte > TILDE || byte === BACKSLASH) return undefined;
    }
    return undefined;
  }

  /** A whole number that is not negative, of so few digits that every reader takes it for the same. */
  count(): number | undefined {
    const bytes = this.#bytes;
    const from = this.at;
    let value = 0;
    let place = from;
    for (; place - from <= MOST_DIGITS; place += 1) {
      const digit = (bytes[place] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    const length = place - from;
    const isCanonical = length === 1 || bytes[from] !== ZERO;
    if (length === 0 || length > MOST_DIGITS || !isCanonical) return undefined;
    this.at = place;
    return value;
  }
}
