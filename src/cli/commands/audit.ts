import { createReadStream } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { Command } from 'commander';
import { exportLog } from '#application/audit/export-log';
import { auditLines } from '../audit-lines.ts';
import { auditVerify } from '../audit-verify.ts';
import { knownTenant } from '../known-tenant.ts';
import { withStores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';

const PROGRESS_EVERY = 10_000;

/** `breakglass audit export | verify`. */
export function auditCommands(): Command {
  const audit = new Command('audit').description('The audit log: export it, verify an export.');
  audit.addCommand(exportCommand());
  audit.addCommand(verifyCommand());
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

interface VerifyFlags {
  readonly trustedRoot: string;
  readonly logKey: readonly string[];
  readonly serviceKey: readonly string[];
  readonly issuer: readonly string[];
  readonly checkpoint?: string;
  readonly requireCheckpoint: boolean;
  readonly acceptErased: boolean;
  readonly json: boolean;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function verifyCommand(): Command {
  return new Command('verify')
    .description('Verify an export offline, and say of each step what it proves and what not.')
    .argument('<export>', 'the export; - is standard input')
    .requiredOption('--trusted-root <file>', 'the pinned trusted root (Sigstore TrustedRoot JSON)')
    .option('--log-key <key>', 'a pinned log key, or @file; may be repeated', collect, [])
    .option('--service-key <hex>', 'a pinned service key; may be repeated', collect, [])
    .option('--issuer <url>', 'an issuer that certificates may name; may be repeated', collect, [])
    .option('--checkpoint <file>', 'a checkpoint saved earlier: proves that nothing was removed')
    .option('--require-checkpoint', 'exit 3 unless a saved checkpoint proves the tail', false)
    .option(
      '--accept-erased',
      'you know of the erasure: no exit 3 for identities that erased values leave unproven',
      false,
    )
    .option('--json', 'the report as JSON', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 verified, 1 refused, 2 usage or unreadable, 3 verified, but identities\n(see --accept-erased) or the tail (see --require-checkpoint) are unproven.',
    )
    .action(async (file: string, flags: VerifyFlags) => {
      const logKey = await Promise.all(flags.logKey.map(keyOrFile));
      process.exitCode = await auditVerify({
        readLines,
        readText: (path) => readFile(path, 'utf8'),
        io: {
          out: (line) => void process.stdout.write(`${line}\n`),
          err: (line) => void process.stderr.write(`${line}\n`),
        },
        flags: { ...flags, logKey, export: file },
      });
    });
}

async function keyOrFile(text: string): Promise<string> {
  if (!text.startsWith('@')) return text;
  try {
    return (await readFile(text.slice(1), 'utf8')).trim();
  } catch (cause) {
    throw new UsageError('The file of a pinned log key cannot be read.', { cause });
  }
}

function readLines(path: string): AsyncIterable<string> {
  const input = path === '-' ? process.stdin : createReadStream(path);
  return auditLines(input);
}
