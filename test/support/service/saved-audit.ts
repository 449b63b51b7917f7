import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runBreakglass, type Ended } from './breakglass-process.ts';
import type { Installation } from './installation.ts';

/** Exports the log into a file of the installation's folder; gives its path. */
export async function exportLog(of: Installation, name: string): Promise<string> {
  const file = join(of.dataDir, name);
  const { code, stderr } = await of.run('audit', 'export', '--tenant', 'acme', '--out', file);
  if (code !== 0) throw new Error(`the log was not exported: ${stderr}`);
  return file;
}

/** Verifies as an auditor does: with the pins and the file alone, and no setting of the service. */
export async function verifyExport(
  of: Installation,
  file: string,
  ...more: readonly string[]
): Promise<Ended> {
  const { logKey, trustedRoot } = await of.pins();
  const pinned = ['--log-key', logKey, '--trusted-root', trustedRoot];
  return runBreakglass(['audit', 'verify', file, ...pinned, ...more], {});
}

/** The checkpoint that an export ends with, saved for later. */
export async function saveCheckpoint(of: Installation, file: string): Promise<string> {
  const records = (await readFile(file, 'utf8')).trim().split('\n');
  const found = records
    .map((line) => (JSON.parse(line) as { checkpoint?: unknown }).checkpoint)
    .findLast((one) => typeof one === 'string');
  if (typeof found !== 'string') throw new Error('the export has no checkpoint');
  const saved = join(of.dataDir, 'checkpoint.txt');
  await writeFile(saved, found);
  return saved;
}
