import { randomBytes } from 'node:crypto';
import { chown, link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.ts';

export function passwordFile(home: Home): string {
  return join(home.folder, 'password');
}

/**
 * The superuser's password, made at the first start and kept in a file only its owner reads. It is
 * linked into place whole, so that two first starts at once agree on one password, and a crash
 * leaves either none or a good one.
 */
export async function superuserPassword(home: Home): Promise<string> {
  const file = passwordFile(home);
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, randomBytes(32).toString('base64url'), { mode: 0o600 });
  try {
    if (home.user !== undefined) await chown(temporary, home.user.uid, home.user.gid);
    await link(temporary, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(temporary);
  }
  return (await readFile(file, 'utf8')).trim();
}
