import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { exportLog } from '#application/audit/export-log';
import { auditVerify } from '../audit-verify.ts';
import { knownTenant } from '../known-tenant.ts';
import type { IdentityFlags } from '../pinned-identities.ts';
import { withStores } from '../open-stores.ts';
import { openExport } from '../opened-export.ts';
import { readKeyFiles } from '../read-key-files.ts';
import { UsageError } from '../report-failure.ts';
import { checkpointCommand, proofCommand, verifyProofCommand } from './audit-proofs.ts';
import { workerCount } from '../signature-pool/worker-count.ts';
import { VerifyProgress } from '../verify-progress.ts';

const PROGRESS_EVERY = 10_000;

/** `breakglass audit export | verify | checkpoint | proof | verify-proof`. */
export function auditCommands(): Command {
  const audit = new Command('audit').description('The audit log: export it, verify an export.');
  audit.addCommand(exportCommand());
  audit.addCommand(verifyCommand());
  audit.addCommand(checkpointCommand());
  audit.addCommand(proofCommand());
  audit.addCommand(verifyProofCommand());
  return audit;
}

function exportCommand(): Command {
  return new Command('export')
    .description('Write the whole log of a tenant as JSON lines.')
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .requiredOption('--out <file>', 'the file to write; it must not exist')
    .action(async ({ tenant, out }: { tenant: string; out: string }) => {
      const lines = await withStores(process.env, async (stores) =>
        writeLines(out, exportLog(stores, await knownTenant(stores, tenant), Date.now())),
      );
      process.stderr.write(`${lines} lines in ${out}\n`);
    });
}

/** Never over an export that is there: it may be the only one of its day. What fails leaves no part. */
async function writeLines(file: string, lines: AsyncIterable<string>): Promise<number> {
  const handle = await open(file, 'wx', 0o600).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    throw new UsageError(
      `${file} exists already, and may be the only one of its day: choose another name.`,
    );
  });
  try {
    let written = 0;
    for await (const line of lines) {
      await handle.write(`${line}\n`);
      written += 1;
      if (written % PROGRESS_EVERY === 0) process.stderr.write(`${written} lines written\n`);
    }
    await handle.sync();
    await handle.close();
    return written;
  } catch (error) {
    await handle.close();
    await rm(file);
    throw error;
  }
}

interface VerifyFlags extends IdentityFlags {
  readonly trustedRoot: string;
  readonly logKey: readonly string[];
  readonly serviceKey: readonly string[];
  readonly issuer: readonly string[];
  readonly checkpoint?: string;
  readonly witness: readonly string[];
  readonly witnesses?: number;
  readonly requireCheckpoint: boolean;
  readonly acceptErased: boolean;
  readonly acceptRecordedKeys: boolean;
  /** Left out: as many as there are cores, if the export is worth it. */
  readonly workers?: number;
  readonly json: boolean;
  readonly html?: string;
}

const threads = (value: string): number => {
  if (/^[0-9]{1,2}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('Write a number from 0 to 99.');
};

const count = (value: string): number => {
  if (!/^[1-9][0-9]?$/.test(value)) throw new InvalidArgumentError('Write a number from 1 to 99.');
  return Number(value);
};

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function verifyCommand(): Command {
  return new Command('verify')
    .description('Verify an export offline, and say of each step what it proves and what not.')
    .argument('<export>', 'the export; - is standard input')
    .requiredOption('--trusted-root <file>', 'the pinned trusted root (Sigstore TrustedRoot JSON)')
    .option('--log-key <key>', 'a pinned log key, or @file; may be repeated', collect, [])
    .option('--service-key <hex>', 'a pinned service key; may be repeated', collect, [])
    .option('--issuer <url>', 'an issuer that certificates may name; may be repeated', collect, [])
    .option(
      '--provider-keys <issuer=file>',
      "an identity provider's keys (JWK Set) for sign-ins; may be repeated",
      collect,
      [],
    )
    .option(
      '--own-key-client <issuer=client>',
      'the client that approvers sign in with on their own machines; may be repeated',
      collect,
      [],
    )
    .option(
      '--workload <issuer=uri>',
      'a workload that may vouch for the log; may be repeated',
      collect,
      [],
    )
    .option(
      '--witness <key>',
      "a pinned witness's verifier key, or @file; may be repeated",
      collect,
      [],
    )
    .option('--witnesses <count>', 'exit 3 unless so many of them cosigned', count)
    .option('--checkpoint <file>', 'a checkpoint saved earlier: proves that nothing was removed')
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
    )
    .option('--workers <count>', 'threads that check signatures; 0: this one does', threads)
    .option('--json', 'the report as JSON', false)
    .option('--html <file>', 'write the report to this file too, as one HTML page')
    .addHelpText(
      'after',
      '\nExit codes: 0 verified, 1 refused, 2 usage or unreadable, 3 verified, but identities\n(see --accept-erased), sign-ins (see --accept-recorded-keys), the tail (see --require-checkpoint)\nor witnesses (see --witnesses) are unproven.',
    )
    .action(async (file: string, flags: VerifyFlags) => {
      const logKey = await readKeyFiles(flags.logKey);
      const witness = await readKeyFiles(flags.witness);
      const opened = await openExport(file);
      const progress = progressOf(opened.size);
      const tell = (stream: NodeJS.WritableStream) => (line: string) => {
        progress?.end();
        stream.write(`${line}\n`);
      };
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
    });
}

/** Only where somebody watches: in a file or a pipe it would be noise. */
function progressOf(size: number | undefined): VerifyProgress | undefined {
  if (!process.stderr.isTTY) return undefined;
  const write = (text: string) => void process.stderr.write(text);
  return new VerifyProgress({ write, now: Date.now }, size);
}
