import { open, rm } from 'node:fs/promises';
import { Command } from 'commander';
import { exportLog } from '#application/audit/export-log';
import { knownTenant } from '../known-tenant.ts';
import { withStores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';

const PROGRESS_EVERY = 10_000;

/** `breakglass audit export`: what an auditor is handed. */
export function exportCommand(): Command {
  return new Command('export')
    .description('Write the whole log of a tenant as JSON lines.')
    .requiredOption('--tenant <name>', 'the tenant, as the policy names it')
    .requiredOption('--out <file>', 'the file to write; it must not exist')
    .action(async ({ tenant, out }: { tenant: string; out: string }) => {
      const lines = await withStores(process.env, async (stores) =>
        writeLines(out, exportLog(stores, await knownTenant(stores, tenant), Date.now())),
      );
      process.stderr.write(
        `${lines} lines are in ${out}. It names people: hand it to the auditor alone (audit verify).\n`,
      );
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
