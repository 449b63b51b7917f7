import type { ByteArchive } from '../byte-archive.ts';
import { readExport, type ExportFault, type ExportLines } from '../export/read-export.ts';
import { CheckedAhead, type LogRecord, type RecordTaker } from './checked-ahead.ts';
import { pinnedLogKeys } from './checkpoint-check.ts';
import type { Checks } from './checks.ts';
import type { ExportHeader } from '../export/format.ts';
import { Findings } from './findings.ts';
import { IdentityModes } from './identity-modes.ts';
import { faultReason } from './reasons.ts';
import type { Counts, Report, Witnessed } from './report.ts';
import type { Observe, Pinned } from './pinned.ts';
import { inThisThread, type SignaturePool } from './signature-pool.ts';
import { verdictOf, type Told } from './verdict.ts';
import { Verification } from './verification.ts';
import { pinnedWitnesses } from './witness-check.ts';

export interface VerifyOptions {
  readonly lines: ExportLines;
  readonly pinned: Pinned;
  /** A signed checkpoint of this log, kept from an earlier day. Without it: `tail unproven`. */
  readonly savedCheckpoint?: string;
  readonly checks: Checks;
  /** Other threads that check signatures ahead; without it, all is checked in its turn, here. */
  readonly pool?: SignaturePool;
  /** Called after each entry with how many were read. */
  readonly onEntry?: (entries: number) => void;
  /** Called with what each entry says, in order; what of it is proved, the report says. */
  readonly observe?: Observe;
  /** Makes a place for what is kept and seldom read; without it, all stays in memory. */
  readonly newArchive?: () => ByteArchive;
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
  unprovenSignIns: { erased: 0, keys: 0 },
  unattested: 0,
  findings: 0,
};

/**
 * Verifies an export offline: digests, signatures, certificates at their time, anchored
 * identities, inclusion, the checkpoint, consistency with one saved earlier, and a replay of every
 * rule. Reads each line once and goes on after a finding, so that the report is complete.
 *
 * @throws PinnedKeyUnreadable, PinnedWitnessUnreadable for a pinned key that is none, and whatever the pool rejects with.
 */
export async function verify(options: VerifyOptions): Promise<Report> {
  const { told: found, fault } = await readThrough(options);
  const { evaluation = false } = options.pinned;
  return { verdict: verdictOf(found, options.pinned, fault), evaluation, ...found };
}

interface ReadThrough {
  readonly told: Told;
  /** Why it was not read to its end. */
  readonly fault?: ExportFault;
}

async function readThrough(options: VerifyOptions): Promise<ReadThrough> {
  const { pinned, checks, savedCheckpoint } = options;
  const keys = pinnedLogKeys(pinned.logKeys, checks.verifyEd25519);
  const { observe, newArchive } = options;
  const witnesses = pinnedWitnesses(pinned.witnesses ?? [], checks.verifyEd25519);
  const setup = { pinned, keys, witnesses, checks, savedCheckpoint, observe, newArchive };
  let header: ExportHeader | undefined;
  let run: Verification | undefined;
  let taking: CheckedAhead | undefined;
  let entries = 0;
  for await (const readings of readExport(options.lines))
    for (const reading of readings) {
      if (!reading.ok) {
        await taking?.finish();
        return { told: unreadable(reading.fault, header, run), fault: reading.fault };
      }
      const { record } = reading;
      if (record.kind === 'header') {
        header = record.header;
        run = new Verification(setup, record.header);
        taking = new CheckedAhead(takerFor(run), options.pool ?? inThisThread(checks));
        continue;
      }
      // There is nothing to wait for at most entries, and there are a million.
      const taken = taking?.take(record);
      if (taken !== undefined) await taken;
      if (record.kind === 'entry') options.onEntry?.((entries += 1));
    }
  await taking?.finish();
  return { told: report(header, run, true) };
}

function takerFor(run: Verification): RecordTaker {
  return {
    jobsOf: (entry) => run.jobsOf(entry),
    entry: (read, ahead) => run.entry(read, ahead),
    other: (record) => takeOther(run, record),
  };
}

function takeOther(run: Verification, record: Exclude<LogRecord, { kind: 'entry' }>): void {
  if (record.kind === 'policy') run.policy(record.digest, record.content);
  else if (record.last) run.checkpoint(record.note);
  else run.checkpointBetween(record.note);
}

const NOBODY: Witnessed = { needed: 0, size: 0, by: [] };

const UNREAD_HEADER = [
  'statements',
  'signatures',
  'attestations',
  'identities',
  'sign-ins',
  'workload',
] as const;

/** What came before the fault stays said; what the rest would have proved stays unproven. */
function unreadable(
  fault: ExportFault,
  header: ExportHeader | undefined,
  run: Verification | undefined,
): Told {
  const findings = run?.findings ?? new Findings();
  findings.add('export-unreadable', null, {
    found: fault.line,
    expected: faultReason(fault),
  });
  const unread = ['inclusion', 'checkpoint', 'consistency', 'witnesses', 'replay'] as const;
  for (const name of unread) findings.unproven(name);
  if (run !== undefined) return report(header, run, false);
  for (const name of UNREAD_HEADER) findings.unproven(name);
  return told(
    header,
    { findings, modes: new IdentityModes(), witnessed: NOBODY },
    { ...NOTHING, findings: findings.total },
    false,
    false,
  );
}

function report(
  header: ExportHeader | undefined,
  run: Verification | undefined,
  readable: boolean,
): Told {
  if (run === undefined) throw new RangeError('an export without a header was taken for readable');
  run.close();
  const { findings, identities, witnesses } = run;
  return told(
    header,
    { findings, modes: identities.modes, witnessed: witnesses.witnessed() },
    run.counts(),
    readable,
    readable && run.tailProved,
  );
}

function told(
  header: ExportHeader | undefined,
  {
    findings,
    modes,
    witnessed,
  }: {
    readonly findings: Findings;
    readonly modes: IdentityModes;
    readonly witnessed: Witnessed;
  },
  counts: Counts,
  readable: boolean,
  tailProved: boolean,
): Told {
  return {
    ok: findings.total === 0,
    readable,
    tail: tailProved ? 'proved' : 'unproven',
    tenant: header?.tenant ?? null,
    log: header?.log ?? null,
    steps: findings.steps(),
    findings: findings.list,
    unprovenIdentities: findings.unprovenIdentities,
    unprovenSignIns: findings.unprovenSignIns,
    witnessed,
    identityModes: modes.told(),
    unattested: modes.unattested(),
    counts,
  };
}
