import { DIGEST_LENGTH, type Digest } from './digest.ts';
import type { PlainText } from './plain-text.ts';

const BEFORE = '"sha256:';
/** By byte, 1 for a lower-case hexadecimal digit. */
const HEX = new Uint8Array(256);
for (const digit of '0123456789abcdef') HEX[digit.charCodeAt(0)] = 1;

/** Takes a digest in its one spelling. */
export function takeDigest(text: PlainText): Digest | undefined {
  const from = text.at + 1;
  const end = from + DIGEST_LENGTH;
  if (!text.skip(BEFORE)) return undefined;
  for (let place = text.at; place < end; place += 1)
    if (HEX[text.byteAt(place)] !== 1) return undefined;
  text.at = end;
  return text.skip('"') ? (text.copy(from, end) as Digest) : undefined;
}
