import { Command } from 'commander';
import { counted } from '#ledger/verify/counted';
import type { Finding } from '../doctor/finding.ts';

interface Flags {
  readonly trustedRoot?: string;
  readonly json: boolean;
}

/** `breakglass doctor`: what keeps this installation from working, and what to do about it. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Check settings, database, roles, keys, clock, policy, Slack and Sigstore, and say what to mend. Exit code 1 if something must be.',
    )
    .option('--trusted-root <file>', 'sign a trial with your Sigstore, and verify it with this')
    .option('--json', 'findings as JSON', false)
    .action(async ({ trustedRoot, json }: Flags) => {
      const { examine } = await import('../doctor/examine.ts');
      const findings: Finding[] = [];
      for await (const finding of examine(process.env, { trustedRoot: trustedRoot ?? null })) {
        findings.push(finding);
        if (!json) process.stdout.write(linesOf(finding));
      }
      const failed = findings.filter(({ verdict }) => verdict === 'failed').length;
      if (json) process.stdout.write(`${JSON.stringify({ failed, findings }, null, 2)}\n`);
      else process.stdout.write(closing(findings, failed));
      if (failed > 0) process.exitCode = 1;
    });
}

const WORDS: Readonly<Record<Finding['verdict'], string>> = {
  ok: 'ok     ',
  warning: 'warning',
  failed: 'FAILED ',
  skipped: 'skipped',
};

/** `channel C…` is the longest. */
const CHECK_WIDTH = 19;

function linesOf({ check, verdict, said, remedy }: Finding): string {
  const first = `${WORDS[verdict]}  ${check.padEnd(CHECK_WIDTH)}  ${said}\n`;
  if (remedy === null || verdict === 'ok') return first;
  const indent = ' '.repeat(first.indexOf(said));
  const lines = remedy.split('\n').map((line) => `${indent}${line}\n`);
  return first + lines.join('');
}

function closing(findings: readonly Finding[], failed: number): string {
  const warnings = findings.filter(({ verdict }) => verdict === 'warning').length;
  if (failed > 0) return `\n${counted(failed, 'thing')} must be mended.\n`;
  return `\nNothing must be mended. ${counted(warnings, 'warning')}.\n`;
}
