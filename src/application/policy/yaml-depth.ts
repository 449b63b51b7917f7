import type { CST } from 'yaml';

/**
 * Whether the syntax tree nests deeper than `limit`. What builds values from it recurses, so a
 * text of brackets alone would exhaust the stack; this loop does not.
 */
export function nestsDeeperThan(limit: number, roots: readonly CST.Token[]): boolean {
  const open = roots.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > limit) return true;
    for (const token of inside(next.token)) open.push({ token, depth: next.depth + 1 });
  }
  return false;
}

function inside(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) =>
    [key, value].filter((one) => one !== undefined && one !== null),
  );
}
