/** `a`, `a and b`, `a, b and c`; with `max`, `a, b and 3 more`. */
export function listed(words: readonly string[], max = 10, joint = 'and'): string {
  const shown = words.length > max ? words.slice(0, max - 1) : words;
  const hidden = words.length - shown.length;
  const parts = hidden > 0 ? [...shown, `${hidden} more`] : shown;
  const last = parts.at(-1) ?? 'nobody';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} ${joint} ${last}`;
}

/** `a or b`: one of them. */
export const oneOf = (words: readonly string[]): string => listed(words, words.length, 'or');

/** `1 deploy`, `2 deploys`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
