import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfPresent } from './private-file.ts';

/** Another live process has the folder; two would fork the log. */
export class FolderInUse extends Error {
  override name = 'FolderInUse';
}

const heldHere = new Set<string>();

/**
 * Takes the folder for this process; the result gives it back. A lock left by a killed process is
 * recognised by its process id and taken over. In a container the new process may well have the
 * old one's id, so a lock with our own id counts as stale unless this process took it itself.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock');
  if (heldHere.has(path)) throw new FolderInUse(`this process already uses ${folder}`);
  heldHere.add(path);
  try {
    await take(path, folder);
  } catch (error) {
    heldHere.delete(path);
    throw error;
  }
  return async () => {
    await rm(path, { force: true });
    heldHere.delete(path);
  };
}

async function take(path: string, folder: string): Promise<void> {
  const owner = Number(await readIfPresent(path));
  if (owner > 0 && owner !== process.pid && isAlive(owner)) {
    throw new FolderInUse(`process ${owner} uses ${folder}`);
  }
  await rm(path, { force: true });
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(String(process.pid));
  } finally {
    await file.close();
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
