/** Something in a policy document that stops it from being used, and what to write instead. */
export interface Mistake {
  /** From 1, in the text as it was given. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** Where in the document, like `tiers.high.ttl.max` or `rules[1].tier`; empty for all of it. */
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
}

/** Keys and list positions from the top of the document. */
export type Path = readonly (string | number)[];

/** A mistake before its line is looked up. `at: 'key'` points at the key, not at what it holds. */
export interface Finding {
  readonly path: Path;
  readonly at: 'key' | 'value';
  /** Stands in for the path's own place, where a path alone does not say which of two. */
  readonly offset?: number;
  readonly message: string;
  readonly remedy: string;
}

const PLAIN_KEY = /^[\w@-]{1,63}$/;
const SHOWN = 63;

/** `tiers.high.require[0].count`; a key that has a dot or a space of its own is quoted. */
export function pathText(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      const key = PLAIN_KEY.test(step) ? step : JSON.stringify(step.slice(0, SHOWN));
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}

/** One mistake a paragraph, `file:line:column` first so that terminals and editors link to it. */
export function formatMistakes(file: string, mistakes: readonly Mistake[]): string {
  return mistakes
    .map(({ line, column, path, message, remedy }) => {
      const where = path === '' ? '' : `${path}: `;
      return `${file}:${line}:${column}: ${where}${message}\n    ${remedy}\n`;
    })
    .join('');
}
