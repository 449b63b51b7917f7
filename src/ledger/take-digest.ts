import { DIGEST_LENGTH, type Digest } from './digest.ts';
import type { PlainText } from './plain-text.ts';

const BEFORE = '"sha256:';
/** By byte, 1 for a lower-case hexadecimal digit. */
const HEX = new Uint8Array(256);
for (const digit of '0123456789abcdef') HEX[digit.charCodeAt(0)] = 1;

/** How many digests of late are known again; a power of two. */
const KEPT = 1_024;
/** Each in the slot that its first digits name: entries name the same few before them, again and again. */
const late: (Digest | undefined)[] = Array.from({ length: KEPT });

/** Takes a digest in its one spelling. */
export function takeDigest(text: PlainText): Digest | undefined {
  const from = text.at + 1;
  const end = from + DIGEST_LENGTH;
  if (!text.skip(BEFORE)) return undefined;
  const slot = slotAt(text, text.at);
  const known = late[slot];
  if (text.text.slice(from, end) === known) {
    text.at = end;
    return text.skip('"') ? known : undefined;
  }
  for (let place = text.at; place < end; place += 1)
    if (HEX[text.byteAt(place)] !== 1) return undefined;
  text.at = end;
  if (!text.skip('"')) return undefined;
  const digest = text.copy(from, end) as Digest;
  late[slot] = digest;
  return digest;
}

function slotAt(text: PlainText, place: number): number {
  const [a, b, c] = [text.byteAt(place), text.byteAt(place + 1), text.byteAt(place + 2)];
  return ((a * 31 + b) * 31 + c) % KEPT;
}
