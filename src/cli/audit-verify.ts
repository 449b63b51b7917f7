import type { ExportLines } from '#ledger/export/read-export';
import type { Report } from '#ledger/verify/report';
import { verify } from '#ledger/verify/verify';
import { auditExitCode, UNREADABLE } from './audit-exit-code.ts';
import { readAuditPins, type AuditPins } from './audit-pins.ts';
import { reportLines } from './audit-report.ts';
import type { AuditVerifyFlags } from './audit-verify-flags.ts';
import { brokenOff } from './broken-off.ts';
import { HtmlOutput } from './html-report/html-output.ts';
import { pinnedKeyProblem } from './pinned-key-problem.ts';
import { LeanArchives } from './lean-memory.ts';
import { SignatureThreads } from './signature-pool/signature-threads.ts';

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

/**
 * `breakglass audit verify`: verifies an export offline and tells each step. Gives the exit code:
 * 0 verified, 1 refused, 2 usage, unreadable or broken off, 3 verified but for identities that
 * erased values leave unproven, unless `--accept-erased`, for sign-ins under keys that the log alone
 * tells, unless `--accept-recorded-keys`, or for the tail or for witnesses, if `--require-checkpoint`
 * or `--witnesses` asks for them. Prints nothing of a key or of the trusted root.
 */
export async function auditVerify(input: AuditVerifyInput): Promise<number> {
  const { io, flags } = input;
  const pins = await readAuditPins(input.readText, flags);
  if ('problem' in pins) {
    io.err(pins.problem);
    return UNREADABLE;
  }
  try {
    return await verifyUnder(pins, input);
  } catch (error) {
    const problem = problemOf(error, flags.export);
    if (problem === undefined) throw error;
    io.err(problem);
    return UNREADABLE;
  }
}

async function verifyUnder(pins: AuditPins, input: AuditVerifyInput): Promise<number> {
  const { flags, readLines, workers = 0, onEntry } = input;
  const { pinned, checks, savedCheckpoint, trustedRoot } = pins;
  await using pool = workers > 0 ? new SignatureThreads(workers, trustedRoot) : undefined;
  using archives = new LeanArchives();
  const html = flags.html === undefined ? undefined : new HtmlOutput();
  const report = await verify({
    lines: readLines(flags.export),
    pinned,
    checks,
    newArchive: archives.create,
    ...(savedCheckpoint === undefined ? {} : { savedCheckpoint }),
    ...(html === undefined ? {} : { observe: html.observe }),
    ...(pool === undefined ? {} : { pool }),
    ...(onEntry === undefined ? {} : { onEntry }),
  });
  print(report, input);
  const page = html?.page(report, { ...pins, verifiedAt: Date.now() });
  const isWritten = page === undefined || (await written(page, input));
  return isWritten ? auditExitCode(report, flags) : UNREADABLE;
}

function print(report: Report, { io, flags }: AuditVerifyInput): void {
  if (flags.json) io.out(JSON.stringify(report, null, 2));
  else for (const line of reportLines(report)) io.out(line);
}

/** Writes the HTML report and says where; tells, and gives `false`, where it cannot. */
async function written(
  text: string,
  { flags: { html = '' }, io, writeText }: AuditVerifyInput,
): Promise<boolean> {
  try {
    await writeText?.(html, text);
    io.err(`The report is in ${html} too: open it in a browser.`);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    io.err(`The HTML report cannot be written (${code}): ${html}`);
    return false;
  }
}

/** Problems of the command line and of files; anything else is a fault of ours and is thrown on. */
function problemOf(error: unknown, file: string): string | undefined {
  const known = pinnedKeyProblem(error) ?? brokenOff(error);
  if (known !== undefined) return known;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code)
    ? `The export cannot be read (${code}): ${file}`
    : undefined;
}
