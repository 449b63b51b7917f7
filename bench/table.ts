/** One line of what a bench found: a ratio and its limit. */
export interface Row {
  readonly what: string;
  /** What was measured, and what it is held against, with their units. */
  readonly measured: string;
  readonly against: string;
  readonly ratio: number;
  readonly limit: number;
  /** The limit is the least that the ratio may be, not the most. */
  readonly isFloor?: boolean;
}

/** Whether what was measured is within its limit. */
export const holds = ({ ratio, limit, isFloor = false }: Row): boolean =>
  isFloor ? ratio >= limit : ratio <= limit;

/** The rows as a table of Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['', 'measured', 'against', 'ratio', 'limit', 'holds'];
  const cells = rows.map((row) => [
    row.what,
    row.measured,
    row.against,
    row.ratio.toFixed(2),
    `${row.isFloor === true ? '≥' : '≤'} ${row.limit.toFixed(2)}`,
    holds(row) ? 'yes' : 'NO',
  ]);
  const widths = head.map((name, column) =>
    Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join(
    '\n',
  );
}

/** The one in the middle: a neighbour's burst on a shared machine moves it little. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
