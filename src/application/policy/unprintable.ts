/**
 * Code points that YAML 1.2.2 §5.1 does not allow in a stream, and those that change the order in
 * which text is shown (Unicode TR 36 §2.11): a reviewer would read another policy than we do.
 */
const REFUSED: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x84],
  [0x86, 0x9f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xfffe, 0xffff],
];

/** The first code point that nobody could see in a review. `index` is in UTF-16 code units. */
export function findUnprintable(text: string): { index: number; name: string } | undefined {
  let index = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (REFUSED.some(([from, to]) => code >= from && code <= to)) {
      return { index, name: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` };
    }
    index += character.length;
  }
  return undefined;
}
