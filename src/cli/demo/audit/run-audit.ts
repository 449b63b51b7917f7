import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '#ledger/verify/report';
import { reportLines } from '../../audit-report.ts';
import { auditVerify } from '../../audit-verify.ts';
import type { Demo } from '../start-demo.ts';

/** What `breakglass audit verify` came to. */
export interface Audit {
  readonly exitCode: number;
  readonly report: Report;
  /** The report for people, as the command prints it. */
  readonly lines: readonly string[];
}

/**
 * Verifies an export as the auditor's command does, with what they pinned on the first day.
 *
 * @param savedCheckpoint a checkpoint saved earlier.
 * @throws TypeError where the command could not run at all, which a log cannot bring about.
 */
export async function runAudit(
  { dataDir, service }: Pick<Demo, 'dataDir' | 'service'>,
  lines: readonly string[],
  savedCheckpoint?: string,
): Promise<Audit> {
  const said: string[] = [];
  const told: string[] = [];
  const logKey = (await readFile(join(dataDir, 'log-key.txt'), 'utf8')).trim();
  const exitCode = await auditVerify({
    readLines: () => each(lines),
    readText: (path) =>
      path === SAVED ? Promise.resolve(savedCheckpoint ?? '') : readFile(path, 'utf8'),
    io: { out: (line) => void said.push(line), err: (line) => void told.push(line) },
    flags: {
      export: 'export',
      trustedRoot: service.trustedRootFile ?? '',
      logKey: [logKey],
      serviceKey: [],
      issuer: [service.url],
      ...(savedCheckpoint === undefined ? {} : { checkpoint: SAVED }),
      requireCheckpoint: false,
      acceptErased: false,
      acceptRecordedKeys: false,
      providerKeys: [],
      ownKeyClient: [],
      workload: [],
      json: true,
    },
  });
  if (said.length === 0) throw new TypeError(`the audit did not run: ${told.join(' ')}`);
  const report = JSON.parse(said.join('\n')) as Audit['report'];
  return { exitCode, report, lines: reportLines(report) };
}

const SAVED = 'saved-checkpoint';

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
