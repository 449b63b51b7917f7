/**
 * What a table has under a name that came from outside; never what every object inherits, such as
 * `constructor` or `__proto__`.
 */
export function own<T>(table: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
