import type { JsonValue } from '../canonical-json.ts';

/**
 * JSON (RFC 8259) leaves these as they are, and many readers take them for the end of a line: NEXT
 * LINE, LINE SEPARATOR, PARAGRAPH SEPARATOR.
 */
const LINE_BREAKS = /[\u0085\u2028\u2029]/g;

/** The longest line of an export, in UTF-16 code units; the largest policy is far below it. */
export const LONGEST_LINE = 16 * 1024 * 1024;

// More than the deepest value that has a canonical form, and far below what exhausts the stack.
const DEEPEST = 160;

/** The text of a line of an export, without its newline: no reader can take it for two lines. */
export function lineText(value: unknown): string {
  return escaped(JSON.stringify(value));
}

/**
 * Whether a line is written exactly as its content is: so no member is named twice, which one
 * reader would resolve to the first and another to the last. Exports made earlier hold the three
 * line breaks raw, and are read.
 */
export function isLineText(line: string, value: JsonValue): boolean {
  const written = JSON.stringify(value);
  // What is the same before the three are escaped is the same after it.
  return written === line || escaped(written) === escaped(line);
}

/** Whether a value lies so deep in another that walking it could exhaust the stack. */
export function isTooDeep(value: JsonValue, depth = 0): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (depth >= DEEPEST) return true;
  return Object.values(value).some((item: JsonValue) => isTooDeep(item, depth + 1));
}

function escaped(text: string): string {
  return text.replaceAll(
    LINE_BREAKS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
