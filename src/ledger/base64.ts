/** Standard base64 with padding (RFC 4648 §4). */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * Reads standard base64 with padding; `undefined` for anything else. Only the one canonical
 * spelling is read (RFC 4648 §3.5): otherwise a signed text could be respelled and still verify.
 */
export function parseBase64(text: string): Uint8Array | undefined {
  const length = bytesIn(text);
  const bytes = Buffer.allocUnsafeSlow(length);
  return decode(text, bytes, 0, length) ? new Uint8Array(bytes.buffer) : undefined;
}

const PIECE_BYTES = 64 * 1024;
const BEYOND_LATIN_1 = /[^\0-\xff]/;

/**
 * Reads many short texts into large pieces of memory, side by side: one of its own would cost each
 * more than to be read. Whoever keeps the bytes of one keeps its piece, so they are for what is
 * soon let go.
 */
export class Base64Room {
  #piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  #used = 0;

  /** As `parseBase64`. */
  parse(text: string): Uint8Array | undefined {
    const length = bytesIn(text);
    if (length > this.#piece.length - this.#used) {
      this.#piece = Buffer.allocUnsafeSlow(Math.max(length, PIECE_BYTES));
      this.#used = 0;
    }
    const at = this.#used;
    if (!decode(text, this.#piece, at, length)) return undefined;
    this.#used += length;
    return new Uint8Array(this.#piece.buffer, at, length);
  }
}

/** How many bytes a text stands for, if it is base64. */
function bytesIn(text: string): number {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return Math.max(0, Math.ceil(text.length / 4) * 3 - padding);
}

/** The letters whose last four bits, or two, are zero. */
const BEFORE_TWO_PADS = 'AQgw';
const BEFORE_ONE_PAD = 'AEIMQUYcgkosw048';

/** Of a text of whole fours without anything that is no base64, whose last bytes are so many. */
function areLastBitsZero(text: string, lastBytes: number): boolean {
  if (lastBytes === 0) return true;
  return lastBytes === 1
    ? BEFORE_TWO_PADS.includes(text.charAt(text.length - 3))
    : BEFORE_ONE_PAD.includes(text.charAt(text.length - 2));
}

/**
 * Decodes canonical base64; `false` for anything else. To encode the bytes again and compare takes
 * as long as all the rest of a line. Node passes over what is no base64, so that fewer bytes come
 * of it; but it takes the alphabet of §5 as well, takes a character beyond Latin-1 for its lower
 * byte, and leaves the last bits unread.
 */
function decode(text: string, into: Buffer, at: number, length: number): boolean {
  if (text.length % 4 !== 0 || text.includes('-') || text.includes('_')) return false;
  if (BEYOND_LATIN_1.test(text)) return false;
  if (into.write(text, at, length, 'base64') !== length) return false;
  return areLastBitsZero(text, length % 3);
}
