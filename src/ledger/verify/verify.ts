import type { ExportRecord } from '../export/format.ts';
import { readExport, type ExportFault } from '../export/read-export.ts';
import { pinnedLogKeys } from './checkpoint-check.ts';
import type { Checks } from './checks.ts';
import type { ExportHeader } from '../export/format.ts';
import { Findings } from './findings.ts';
import { faultReason } from './reasons.ts';
import type { Counts, Report } from './report.ts';
import type { Pinned } from './pinned.ts';
import { Verification } from './verification.ts';

export interface VerifyOptions {
  /** The export, line by line, without newlines. */
  readonly lines: AsyncIterable<string>;
  readonly pinned: Pinned;
  /** A signed checkpoint of this log, kept from an earlier day. Without it: `tail unproven`. */
  readonly savedCheckpoint?: string;
  readonly checks: Checks;
  /** Called after each entry with how many were read. */
  readonly onEntry?: (entries: number) => void;
}

const NOTHING: Counts = {
  entries: 0,
  policies: 0,
  bypasses: 0,
  attested: 0,
  provisional: 0,
  late: 0,
  erased: 0,
  unprovenIdentities: 0,
  findings: 0,
};

/**
 * Verifies an export offline: digests, signatures, certificates at their time, anchored
 * identities, inclusion, the checkpoint, consistency with one saved earlier, and a replay of every
 * rule. Reads each line once and goes on after a finding, so that the report is complete.
 *
 * @throws PinnedKeyUnreadable for a pinned log key that is none.
 */
export async function verify(options: VerifyOptions): Promise<Report> {
  const { pinned, checks, savedCheckpoint } = options;
  const keys = pinnedLogKeys(pinned.logKeys, checks.verifyEd25519);
  const setup = { pinned, keys, checks, savedCheckpoint };
  let header: ExportHeader | undefined;
  let run: Verification | undefined;
  let entries = 0;
  for await (const reading of readExport(options.lines)) {
    if (!reading.ok) return unreadable(reading.fault, header, run);
    const { record } = reading;
    if (record.kind === 'header') {
      header = record.header;
      run = new Verification(setup, record.header);
    } else if (run !== undefined) take(run, record);
    if (record.kind === 'entry') options.onEntry?.((entries += 1));
  }
  return report(header, run, true);
}

function take(run: Verification, record: Exclude<ExportRecord, { kind: 'header' }>): void {
  switch (record.kind) {
    case 'policy':
      run.policy(record.digest, record.content);
      return;
    case 'entry':
      run.entry(record.entry);
      return;
    case 'checkpoint':
      run.checkpoint(record.note);
  }
}

/** What came before the fault stays said; what the rest would have proved stays unproven. */
function unreadable(
  fault: ExportFault,
  header: ExportHeader | undefined,
  run: Verification | undefined,
): Report {
  const findings = run?.findings ?? new Findings();
  findings.add('export-unreadable', null, {
    found: fault.line,
    expected: faultReason(fault),
  });
  const unread = ['inclusion', 'checkpoint', 'consistency', 'replay'] as const;
  for (const name of unread) findings.unproven(name);
  if (run !== undefined) return report(header, run, false);
  for (const name of ['statements', 'signatures', 'attestations', 'identities'] as const)
    findings.unproven(name);
  return told(header, findings, { ...NOTHING, findings: findings.total }, false, false);
}

function report(
  header: ExportHeader | undefined,
  run: Verification | undefined,
  readable: boolean,
): Report {
  if (run === undefined) throw new RangeError('an export without a header was taken for readable');
  run.close();
  return told(header, run.findings, run.counts(), readable, readable && run.tailProved);
}

function told(
  header: ExportHeader | undefined,
  findings: Findings,
  counts: Counts,
  readable: boolean,
  tailProved: boolean,
): Report {
  return {
    ok: findings.total === 0,
    readable,
    tail: tailProved ? 'proved' : 'unproven',
    tenant: header?.tenant ?? null,
    log: header?.log ?? null,
    steps: findings.steps(),
    findings: findings.list,
    unprovenIdentities: findings.unprovenIdentities,
    counts,
  };
}
