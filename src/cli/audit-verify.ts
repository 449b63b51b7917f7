import { PinnedKeyUnreadable } from '#ledger/verify/checkpoint-check';
import type { ExportLines } from '#ledger/export/read-export';
import type { Report } from '#ledger/verify/report';
import { verify } from '#ledger/verify/verify';
import { PinnedWitnessUnreadable } from '#ledger/verify/witness-check';
import { HtmlOutput } from './html-report/html-output.ts';
import { reportLines } from './audit-report.ts';
import { readPinned } from './pinned-files.ts';
import { SignatureThreads } from './signature-pool/signature-threads.ts';
import { readPinnedIdentities, type IdentityFlags } from './pinned-identities.ts';

/** What the auditor wrote on the command line. */
export interface AuditVerifyFlags extends IdentityFlags {
  /** The export (JSON lines); `-` is standard input. */
  readonly export: string;
  /** The pinned trusted root (Sigstore `TrustedRoot`, JSON). */
  readonly trustedRoot: string;
  /** Pinned log keys (C2SP verifier keys). At least one. */
  readonly logKey: readonly string[];
  /** Pinned service keys (SHA-256 of the SPKI, hex); empty: the one that the log names. */
  readonly serviceKey: readonly string[];
  /** Issuers that certificates may name; empty: any that the trusted root accepts. */
  readonly issuer: readonly string[];
  /** A checkpoint saved earlier. */
  readonly checkpoint?: string;
  /** Pinned witnesses (C2SP verifier keys). */
  readonly witness?: readonly string[];
  /** Ask for cosignatures of so many of them: with fewer, the exit code is 3. */
  readonly witnesses?: number;
  /** Ask for a proved tail: without one, the exit code is 3. */
  readonly requireCheckpoint: boolean;
  /** The auditor knows that values were erased: identities that this leaves unproven are no exit 3. */
  readonly acceptErased: boolean;
  /** The auditor takes keys of providers as the log records them: no exit 3 for such sign-ins. */
  readonly acceptRecordedKeys: boolean;
  readonly json: boolean;
  /** A file that the report is written to as HTML, beside what is printed. */
  readonly html?: string;
}

export interface AuditVerifyInput {
  /** The lines of a file, without their newlines. May throw when it is read. */
  readonly readLines: (path: string) => ExportLines;
  readonly readText: (path: string) => Promise<string>;
  /** Needed for `html` alone. */
  readonly writeText?: ((path: string, text: string) => Promise<void>) | undefined;
  /** Each call is one line, without its newline. */
  readonly io: { readonly out: (line: string) => void; readonly err: (line: string) => void };
  readonly flags: AuditVerifyFlags;
  /** How many threads check signatures; none: this one does. */
  readonly workers?: number;
  /** Called after each entry with how many were read. */
  readonly onEntry?: (entries: number) => void;
}

export const VERIFIED = 0;
export const REFUSED = 1;
/** The command is used wrongly, or something that it needs cannot be read. */
const UNREADABLE = 2;
const UNPROVEN = 3;

const SERVICE_KEY = /^[0-9a-f]{64}$/;

/**
 * `breakglass audit verify`: verifies an export offline and tells each step. Gives the exit code:
 * 0 verified, 1 refused, 2 usage or unreadable, 3 verified but for identities that erased values
 * leave unproven, unless `--accept-erased`, or for the tail or for
 * witnesses, if `--require-checkpoint` or `--witnesses` asks for them.
 * Prints nothing of a key or of the trusted root.
 */
export async function auditVerify({
  readLines,
  readText,
  writeText,
  io,
  flags,
  workers = 0,
  onEntry,
}: AuditVerifyInput): Promise<number> {
  if (flags.logKey.length === 0) {
    io.err('A pinned log key is needed: --log-key name+id+key');
    return UNREADABLE;
  }
  if (!flags.serviceKey.every((one) => SERVICE_KEY.test(one))) {
    io.err('A pinned service key is not a SHA-256 in 64 lower-case hexadecimal digits.');
    return UNREADABLE;
  }
  if ((flags.witnesses ?? 0) > new Set(flags.witness).size) {
    io.err('--witnesses asks for more witnesses than --witness pins.');
    return UNREADABLE;
  }
  const pinnedFiles = await readPinned(readText, flags);
  if ('problem' in pinnedFiles) {
    io.err(pinnedFiles.problem);
    return UNREADABLE;
  }
  const identities = await readPinnedIdentities(readText, flags);
  if ('problem' in identities) {
    io.err(identities.problem);
    return UNREADABLE;
  }
  const { checks, savedCheckpoint, evaluation, trustedRoot, rootDigest } = pinnedFiles;
  const writePage = (text: string): Promise<boolean> => written(text, { flags, io, writeText });
  await using pool = workers > 0 ? new SignatureThreads(workers, trustedRoot) : undefined;
  const page = flags.html === undefined ? undefined : new HtmlOutput();
  try {
    const pinned = {
      logKeys: flags.logKey,
      serviceKeys: flags.serviceKey.length > 0 ? flags.serviceKey : ('from-log' as const),
      ...(flags.issuer.length > 0 ? { issuers: flags.issuer } : {}),
      ...identities,
      witnesses: flags.witness ?? [],
      ...(flags.witnesses === undefined ? {} : { witnessesNeeded: flags.witnesses }),
    };
    const report = await verify({
      lines: readLines(flags.export),
      pinned,
      ...(page === undefined ? {} : { observe: page.observe }),
      ...(savedCheckpoint === undefined ? {} : { savedCheckpoint }),
      checks,
      ...(pool === undefined ? {} : { pool }),
      ...(onEntry === undefined ? {} : { onEntry }),
    });
    if (flags.json) io.out(JSON.stringify({ ...report, evaluation }, null, 2));
    else for (const line of reportLines(report, evaluation)) io.out(line);
    if (page === undefined) return exitCode(report, flags);
    const brought = { pinned, rootDigest, savedCheckpoint, evaluation, verifiedAt: Date.now() };
    const written = await writePage(page.page(report, brought));
    return written ? exitCode(report, flags) : UNREADABLE;
  } catch (error) {
    const problem = problemOf(error, flags.export);
    if (problem === undefined) throw error;
    io.err(problem);
    return UNREADABLE;
  }
}

/** Writes the HTML report; tells, and gives `false`, where it cannot. */
async function written(
  text: string,
  { flags: { html = '' }, io, writeText }: Pick<AuditVerifyInput, 'flags' | 'io' | 'writeText'>,
): Promise<boolean> {
  try {
    await writeText?.(html, text);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    io.err(`The HTML report cannot be written (${code}): ${html}`);
    return false;
  }
}

function exitCode(
  { ok, readable, tail, witnessed, counts }: Report,
  { requireCheckpoint, acceptErased, acceptRecordedKeys, witnesses }: AuditVerifyFlags,
): number {
  if (!readable) return UNREADABLE;
  if (!ok) return REFUSED;
  // Anyone who handles the file can leave a value out, and what it would have shown with it.
  const { unprovenIdentities, unprovenSignIns } = counts;
  if (unprovenIdentities + unprovenSignIns.erased > 0 && !acceptErased) return UNPROVEN;
  if (unprovenSignIns.keys > 0 && !acceptRecordedKeys) return UNPROVEN;
  if (witnesses !== undefined && witnessed.size === 0) return UNPROVEN;
  return requireCheckpoint && tail === 'unproven' ? UNPROVEN : VERIFIED;
}

/** Problems of the command line and of files; anything else is a fault of ours and is thrown on. */
function problemOf(error: unknown, file: string): string | undefined {
  if (error instanceof PinnedKeyUnreadable)
    return `A pinned log key cannot be read (${error.code}). Write <name>+<id>+<key>, or @file for a file that holds it.`;
  if (error instanceof PinnedWitnessUnreadable)
    return `A pinned witness's key cannot be read (${error.code}). Write <name>+<id>+<key>, or @file for a file that holds it.`;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code)
    ? `The export cannot be read (${code}): ${file}`
    : undefined;
}
