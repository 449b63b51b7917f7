import { runInNewContext } from 'node:vm';

/**
 * Evaluates an expression of expr-lang (Kargo) or SpEL (Spinnaker), as far as both read like
 * JavaScript: comparisons, member access, calls and objects. @throws for what does not.
 */
export function evaluate(expression: string, context: object): unknown {
  return runInNewContext(`(${expression.replaceAll('#stage', 'stage')})`, { ...context });
}

/** A text with every expression between `open` and `close` replaced by its value. */
export function fill(text: string, open: string, close: string, context: object): string {
  let filled = '';
  let rest = text;
  for (;;) {
    const start = rest.indexOf(open);
    const end = rest.indexOf(close, start);
    if (start === -1 || end === -1) return filled + rest;
    const value = evaluate(rest.slice(start + open.length, end).trim(), context);
    filled += rest.slice(0, start) + String(value);
    rest = rest.slice(end + close.length);
  }
}
