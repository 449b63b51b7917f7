import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { PinnedKeyUnreadable } from '#ledger/verify/checkpoint-check';
import type { Checks, VerifyBundle } from '#ledger/verify/checks';
import type { Report } from '#ledger/verify/report';
import { verify } from '#ledger/verify/verify';
import { isEvaluationRoot } from '#sigstore/embedded/is-evaluation-root';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import { reportLines } from './audit-report.ts';

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
const TAIL_UNPROVEN = 3;

const PROGRESS_EVERY = 10_000;

/**
 * `breakglass audit verify`: verifies an export offline and tells each step. Gives the exit code:
 * 0 verified, 1 refused, 2 usage or unreadable, 3 verified with `tail unproven` although
 * `--require-checkpoint` asked for more. Prints nothing of a key or of the trusted root.
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
  const pinnedFiles = await readPinned(readText, flags);
  if ('problem' in pinnedFiles) {
    io.err(pinnedFiles.problem);
    return UNREADABLE;
  }
  const { verifyBundle, savedCheckpoint, evaluation } = pinnedFiles;
  try {
    const report = await verify({
      lines: readLines(flags.export),
      pinned: {
        logKeys: flags.logKey,
        serviceKeys: flags.serviceKey.length > 0 ? flags.serviceKey : 'from-log',
        ...(flags.issuer.length > 0 ? { issuers: flags.issuer } : {}),
      },
      ...(savedCheckpoint === undefined ? {} : { savedCheckpoint }),
      checks: { ...signatureChecks, verifyBundle },
      onEntry: (entries) => {
        if (entries % PROGRESS_EVERY === 0) io.err(`${entries} entries read`);
      },
    });
    if (flags.json) io.out(JSON.stringify({ ...report, evaluation }, null, 2));
    else for (const line of reportLines(report, evaluation)) io.out(line);
    return exitCode(report, flags.requireCheckpoint);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    io.err(problem);
    return UNREADABLE;
  }
}

function exitCode({ ok, readable, tail }: Report, requireCheckpoint: boolean): number {
  if (!readable) return UNREADABLE;
  if (!ok) return REFUSED;
  return requireCheckpoint && tail === 'unproven' ? TAIL_UNPROVEN : VERIFIED;
}

interface PinnedFiles {
  readonly verifyBundle: VerifyBundle;
  readonly savedCheckpoint: string | undefined;
  readonly evaluation: boolean;
}

async function readPinned(
  readText: AuditVerifyInput['readText'],
  { trustedRoot, checkpoint }: AuditVerifyFlags,
): Promise<PinnedFiles | { readonly problem: string }> {
  let reading = 'trusted root';
  try {
    const root: unknown = JSON.parse(await readText(trustedRoot));
    const verifyBundle = bundleVerifier(root);
    reading = 'saved checkpoint';
    // A note ends in one newline; tools that save it add another or take it away.
    const savedCheckpoint =
      checkpoint === undefined ? undefined : `${(await readText(checkpoint)).trimEnd()}\n`;
    return { verifyBundle, savedCheckpoint, evaluation: isEvaluationRoot(root) };
  } catch (error) {
    const why = error instanceof Error ? error.name : 'unknown';
    return { problem: `The ${reading} cannot be read (${why})` };
  }
}

/** Problems of the command line and of files; anything else is a fault of ours and is thrown on. */
function problemOf(error: unknown): string | undefined {
  if (error instanceof PinnedKeyUnreadable)
    return `A pinned log key cannot be read (${error.code}). For a file, write @file.`;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code)
    ? `The export cannot be read (${code})`
    : undefined;
}

/** A bundle needs a log entry, a timestamp and an SCT where the pinned root has authorities for them. */
function bundleVerifier(trustedRoot: unknown): VerifyBundle {
  const needs = (name: string): number => {
    const list: unknown = Object.entries(Object(trustedRoot)).find(([key]) => key === name)?.[1];
    return Array.isArray(list) && list.length > 0 ? 1 : 0;
  };
  const check = createBundleVerifier(trustedRoot, {
    tlogThreshold: needs('tlogs'),
    ctlogThreshold: needs('ctlogs'),
    tsaThreshold: 1,
  });
  return (bundle, statement) => {
    const verdict = check(bundle, statement);
    if (!verdict.verified) return { ok: false, code: verdict.code };
    if (verdict.identity.type !== 'email') return { ok: false, code: 'identity-not-email' };
    return {
      ok: true,
      identity: verdict.identity.value,
      issuer: verdict.issuer,
      tokenSubject: verdict.tokenSubject ?? null,
      signedAt: verdict.signedAt.map((one) => one.getTime()),
    };
  };
}

/** The SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 §4). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const signatureChecks: Omit<Checks, 'verifyBundle'> = {
  verifyEd25519: (publicKey, message, signature) =>
    check(null, Buffer.concat([ED25519_SPKI, publicKey]), message, signature),
  verifyServiceSignature: (spki, message, signature) => check('sha256', spki, message, signature),
};

function check(
  algorithm: 'sha256' | null,
  spki: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return verifySignature(algorithm, message, key, signature);
  } catch {
    // Bytes that are no key or no signature verify nothing; OpenSSL throws for some of them.
    return false;
  }
}
