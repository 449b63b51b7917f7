import { PinnedKeyUnreadable } from '#ledger/verify/checkpoint-check';
import type { Report } from '#ledger/verify/report';
import { verify } from '#ledger/verify/verify';
import { reportLines } from './audit-report.ts';
import { readPinned } from './pinned-files.ts';

/** What the auditor wrote on the command line. */
export interface AuditVerifyFlags {
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
  /** Ask for a proved tail: without one, the exit code is 3. */
  readonly requireCheckpoint: boolean;
  /** The auditor knows that values were erased: identities that this leaves unproven are no exit 3. */
  readonly acceptErased: boolean;
  readonly json: boolean;
}

export interface AuditVerifyInput {
  /** The lines of a file, without their newlines. May throw when it is read. */
  readonly readLines: (path: string) => AsyncIterable<string>;
  readonly readText: (path: string) => Promise<string>;
  /** Each call is one line, without its newline. */
  readonly io: { readonly out: (line: string) => void; readonly err: (line: string) => void };
  readonly flags: AuditVerifyFlags;
}

export const VERIFIED = 0;
export const REFUSED = 1;
/** The command is used wrongly, or something that it needs cannot be read. */
const UNREADABLE = 2;
const UNPROVEN = 3;

const PROGRESS_EVERY = 10_000;
const SERVICE_KEY = /^[0-9a-f]{64}$/;

/**
 * `breakglass audit verify`: verifies an export offline and tells each step. Gives the exit code:
 * 0 verified, 1 refused, 2 usage or unreadable, 3 verified but for identities that erased values
 * leave unproven, unless `--accept-erased`, or for the tail, if `--require-checkpoint` asks for it.
 * Prints nothing of a key or of the trusted root.
 */
export async function auditVerify({
  readLines,
  readText,
  io,
  flags,
}: AuditVerifyInput): Promise<number> {
  if (flags.logKey.length === 0) {
    io.err('A pinned log key is needed: --log-key name+id+key');
    return UNREADABLE;
  }
  if (!flags.serviceKey.every((one) => SERVICE_KEY.test(one))) {
    io.err('A pinned service key is not a SHA-256 in 64 lower-case hexadecimal digits.');
    return UNREADABLE;
  }
  const pinnedFiles = await readPinned(readText, flags);
  if ('problem' in pinnedFiles) {
    io.err(pinnedFiles.problem);
    return UNREADABLE;
  }
  const { checks, savedCheckpoint, evaluation } = pinnedFiles;
  try {
    const report = await verify({
      lines: readLines(flags.export),
      pinned: {
        logKeys: flags.logKey,
        serviceKeys: flags.serviceKey.length > 0 ? flags.serviceKey : 'from-log',
        ...(flags.issuer.length > 0 ? { issuers: flags.issuer } : {}),
      },
      ...(savedCheckpoint === undefined ? {} : { savedCheckpoint }),
      checks,
      onEntry: (entries) => {
        if (entries % PROGRESS_EVERY === 0) io.err(`${entries} entries read`);
      },
    });
    if (flags.json) io.out(JSON.stringify({ ...report, evaluation }, null, 2));
    else for (const line of reportLines(report, evaluation)) io.out(line);
    return exitCode(report, flags);
  } catch (error) {
    const problem = problemOf(error, flags.export);
    if (problem === undefined) throw error;
    io.err(problem);
    return UNREADABLE;
  }
}

function exitCode(
  { ok, readable, tail, counts }: Report,
  { requireCheckpoint, acceptErased }: AuditVerifyFlags,
): number {
  if (!readable) return UNREADABLE;
  if (!ok) return REFUSED;
  // Anyone who handles the file can leave a value out, and what it would have shown with it.
  if (counts.unprovenIdentities > 0 && !acceptErased) return UNPROVEN;
  return requireCheckpoint && tail === 'unproven' ? UNPROVEN : VERIFIED;
}

/** Problems of the command line and of files; anything else is a fault of ours and is thrown on. */
function problemOf(error: unknown, file: string): string | undefined {
  if (error instanceof PinnedKeyUnreadable)
    return `A pinned log key cannot be read (${error.code}). For a file, write @file.`;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code)
    ? `The export cannot be read (${code}): ${file}`
    : undefined;
}
