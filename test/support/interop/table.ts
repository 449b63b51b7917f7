import type { Result } from './results.ts';

const COLUMN = 44;

/** The results as a table for each set of services: a row a check, a column a verifier. */
export function tables(results: readonly Result[]): string {
  const worlds = [...new Set(results.map(({ world }) => world))];
  return worlds
    .map((world) =>
      table(
        world,
        results.filter((one) => one.world === world),
      ),
    )
    .join('\n');
}

function table(world: string, results: readonly Result[]): string {
  const verifiers = [...new Set(results.map(({ by }) => by))];
  const checks = [...new Set(results.map(({ check }) => check))];
  const width = Math.max(...checks.map(({ length }) => length)) + 2;
  const line = (first: string, cells: readonly string[]): string =>
    `  ${first.padEnd(width)}${cells.map((cell) => cell.slice(0, COLUMN).padEnd(COLUMN + 2)).join('')}`;
  const rows = checks.map((check) =>
    line(
      check,
      verifiers.map((by) => cell(results.find((one) => one.check === check && one.by === by))),
    ),
  );
  return [world, line('', verifiers), ...rows, ''].map((row) => row.trimEnd()).join('\n');
}

function cell(result: Result | undefined): string {
  if (result === undefined) return '-';
  return result.agrees ? result.outcome : `DISAGREES: ${result.outcome}`;
}
