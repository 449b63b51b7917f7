import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { AuditVerifyFlags } from '../audit-verify-flags.ts';
import { openExport } from '../opened-export.ts';
import { readKeyFiles } from '../read-key-files.ts';
import { keepHeapSmall } from '../lean-memory.ts';
import { workerCount } from '../signature-pool/worker-count.ts';
import { VerifyProgress } from '../verify-progress.ts';
import { collect, wholeNumber } from './option-values.ts';

interface VerifyFlags extends Omit<AuditVerifyFlags, 'export'> {
  readonly witness: readonly string[];
  /** Left out: as many as there are cores, if the export is worth it. */
  readonly workers?: number;
}

/** `breakglass audit verify`: offline. */
export function verifyCommand(): Command {
  const command = new Command('verify')
    .description('Verify an export offline, and say of each step what it proves and what not.')
    .argument('<export>', 'the export; - is standard input')
    .requiredOption('--trusted-root <file>', 'the pinned trusted root, a Sigstore TrustedRoot')
    .requiredOption('--log-key <key>', 'a pinned log key, or @file; may be repeated', collect);
  return withDemands(withPins(command))
    .option('--workers <n>', 'threads that check signatures; 0: this one does', wholeNumber(0, 99))
    .option('--json', 'the report as JSON', false)
    .option('--html <file>', 'write the report to this file too, as one HTML page')
    .addHelpText(
      'after',
      '\nExit codes: 0 verified (the report says what is unproven), 1 refused, 2 usage or unreadable,\n3 verified, but identities (see --accept-erased), sign-ins (see --accept-recorded-keys), the tail\n(see --require-checkpoint) or witnesses (see --witnesses) are unproven.',
    )
    .action(run);
}

/** What else an auditor may bring from elsewhere than the export. */
function withPins(command: Command): Command {
  const pin = (flag: string, what: string): Command =>
    command.option(flag, `${what}; may be repeated`, collect, []);
  pin('--service-key <hex>', 'a pinned service key');
  pin('--issuer <url>', 'an issuer that certificates may name');
  pin('--provider-keys <issuer=file>', "an identity provider's keys (JWK Set) for sign-ins");
  pin(
    '--own-key-client <issuer=client>',
    'the client that approvers sign in with on their own machines',
  );
  pin(
    '--sign-in-client <issuer=client>',
    'the client that the service signs approvers in with: others are refused',
  );
  pin('--workload <issuer=uri>', 'a workload that may vouch for the log');
  pin('--witness <key>', "a pinned witness's verifier key, or @file");
  return command.option(
    '--checkpoint <file>',
    'a checkpoint saved earlier: proves that nothing was removed',
  );
}

/** What must be proved, or need not be, for exit code 0. */
function withDemands(command: Command): Command {
  return command
    .option('--witnesses <n>', 'exit 3 unless so many of them cosigned', wholeNumber(1, 99))
    .option('--require-checkpoint', 'exit 3 unless a saved checkpoint proves the tail', false)
    .option(
      '--accept-erased',
      'you know of the erasure: no exit 3 for identities that erased values leave unproven',
      false,
    )
    .option(
      '--accept-recorded-keys',
      'you take the keys of identity providers as the log records them: no exit 3 for that',
      false,
    );
}

async function run(file: string, flags: VerifyFlags): Promise<void> {
  const logKey = await readKeyFiles(flags.logKey);
  const witness = await readKeyFiles(flags.witness);
  const opened = await openExport(file);
  const progress = progressOf(opened.size);
  const tell = (stream: NodeJS.WritableStream) => (line: string) => {
    progress?.end();
    stream.write(`${line}\n`);
  };
  const { auditVerify } = await import('../audit-verify.ts');
  keepHeapSmall();
  process.exitCode = await auditVerify({
    readLines: () => opened.lines((bytes) => progress?.read(bytes)),
    workers: workerCount(flags.workers, opened.size),
    onEntry: (entries) => progress?.entry(entries),
    readText: (path) => readFile(path, 'utf8'),
    // It names people: for whoever verified alone.
    writeText: (path, text) => writeFile(path, text, { mode: 0o600 }),
    io: { out: tell(process.stdout), err: tell(process.stderr) },
    flags: { ...flags, logKey, witness, export: file },
  });
}

/** Only where somebody watches: in a file or a pipe it would be noise. */
function progressOf(size: number | undefined): VerifyProgress | undefined {
  if (!process.stderr.isTTY) return undefined;
  const write = (text: string) => void process.stderr.write(text);
  return new VerifyProgress({ write, now: Date.now }, size);
}
