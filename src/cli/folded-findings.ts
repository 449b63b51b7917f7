import type { Finding } from '#ledger/verify/report';

/** The same thing, found in one entry or in many. */
export interface FoldedFinding extends Omit<Finding, 'index'> {
  /** In the order in which they were found; none for the log as a whole. */
  readonly indices: readonly number[];
  /** How many findings it stands for. */
  readonly times: number;
}

/**
 * Findings that say the same are told once, at the place of the first: what follows from one cheat
 * in a hundred entries must not hide where the cheat is.
 */
export function foldFindings(findings: readonly Finding[]): readonly FoldedFinding[] {
  const folded = new Map<string, FoldedFinding>();
  for (const { index, code, message } of findings) {
    const key = `${index === null} ${code} ${message}`;
    const { indices = [], times = 0 } = folded.get(key) ?? {};
    // One entry can break the same rule twice; its place is told once.
    const places = index === null || indices.includes(index) ? indices : [...indices, index];
    folded.set(key, { code, message, indices: places, times: times + 1 });
  }
  return [...folded.values()];
}

/** `entry 7`, `entries 7, 9–12`, or `log`. */
export function whereTold({ indices }: Pick<FoldedFinding, 'indices'>): string {
  if (indices.length === 0) return 'log';
  return `${indices.length === 1 ? 'entry' : 'entries'} ${rangesOf(indices)}`;
}

/** `7, 9–12`. */
export function rangesOf(indices: readonly number[]): string {
  const runs: { readonly first: number; last: number }[] = [];
  for (const index of indices) {
    const run = runs.at(-1);
    if (run?.last === index - 1) run.last = index;
    else runs.push({ first: index, last: index });
  }
  return runs
    .map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`))
    .join(', ');
}
