import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { formatMistakes } from '#application/policy/mistake';
import { readCases, type PlacedCase } from '#application/policy/cases/read-cases';
import { runCase, type Difference } from '#application/policy/cases/run-case';
import { counted } from '#ledger/verify/counted';
import { UsageError } from '../report-failure.ts';
import { ANY_TEAM, readPolicy } from './read-policy.ts';

interface Flags {
  readonly cases?: string;
  readonly team: string;
  readonly json: boolean;
}

interface Outcome {
  readonly line: number;
  readonly name: string;
  readonly differences: readonly Difference[];
}

/** `breakglass policy test`: cases beside the policy, for CI. */
export function testCommand(): Command {
  return new Command('test')
    .description(
      'Try a policy document on the cases beside it. Exit code 1 if one differs, 2 if something cannot be read.',
    )
    .argument('<file>', 'the policy document (YAML)')
    .option('--cases <file>', 'the cases (YAML); beside policy.yaml it is policy.tests.yaml')
    .option('--team <id>', 'the Slack workspace of accounts that name none', ANY_TEAM)
    .option('--json', 'outcomes as JSON', false)
    .action(async (file: string, { cases: given, team, json }: Flags) => {
      const casesFile = given ?? besideOf(file);
      const { version } = await readPolicy(file, team);
      const outcomes = (await casesIn(casesFile)).map(({ line, policyCase }) => ({
        line,
        name: policyCase.name,
        differences: runCase(version, policyCase),
      }));
      const failed = outcomes.filter(({ differences }) => differences.length > 0).length;
      process.stdout.write(
        json
          ? `${JSON.stringify({ failed, cases: outcomes }, null, 2)}\n`
          : `${outcomes.map((one) => outcomeLines(casesFile, one)).join('')}${closing(outcomes, failed)}`,
      );
      if (failed > 0) process.exitCode = 1;
    });
}

/** `policy.yaml` has its cases in `policy.tests.yaml`. */
const besideOf = (file: string): string => file.replace(/(?:\.ya?ml)?$/, '.tests.yaml');

async function casesIn(file: string): Promise<readonly PlacedCase[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UsageError(`${file}: the cases cannot be read (${code}).`);
  });
  const read = readCases(text);
  if (!read.ok) throw new UsageError(formatMistakes(file, read.mistakes).trimEnd());
  return read.cases;
}

/** What holds is a line; what differs says where, so that a terminal links to it. */
function outcomeLines(file: string, { line, name, differences }: Outcome): string {
  if (differences.length === 0) return `ok      ${name}\n`;
  const lines = differences.map(
    ({ what, expected, found }) =>
      `          ${what}: expected ${expected}\n          ${' '.repeat(what.length)}  found    ${found}\n`,
  );
  return `DIFFERS ${name} (${file}:${line})\n${lines.join('')}`;
}

function closing(outcomes: readonly Outcome[], failed: number): string {
  const all = counted(outcomes.length, 'case');
  return failed === 0
    ? `\n${all} as expected.\n`
    : `\n${failed} of ${all} ${failed === 1 ? 'differs' : 'differ'}.\n`;
}
