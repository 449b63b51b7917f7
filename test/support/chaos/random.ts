/** Draws that one seed determines. */
export interface Random {
  /** At least 0 and below `bound`, a whole number. */
  below(bound: number): number;
  of<T>(list: readonly [T, ...T[]]): T;
}

/** Mulberry32: small, and good enough to choose what happens next. */
export function randomBy(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return { below, of: (list) => list[below(list.length)] ?? list[0] };
}
