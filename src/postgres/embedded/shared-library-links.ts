import { readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Makes the links between library names (`libpq.so.5` → `libpq.so.5.18`) that an npm archive
 * cannot hold. The package's install script makes them; where install scripts are blocked, or the
 * folder was copied without links, nobody else does. Links that exist are left alone.
 *
 * @throws the file system's error where the folder is read-only and a link is missing.
 */
export async function mendLibraryLinks(native: string): Promise<void> {
  for (const { source, target } of await wantedLinks(native)) {
    const link = join(native, '..', target);
    try {
      await symlink(basename(source), link);
    } catch (error) {
      if (!isExisting(error)) throw error;
    }
  }
}

interface Link {
  source: string;
  target: string;
}

async function wantedLinks(native: string): Promise<Link[]> {
  const list: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  return Array.isArray(list) ? list.filter(isSiblingLink) : [];
}

function isSiblingLink(value: unknown): value is Link {
  if (typeof value !== 'object' || value === null) return false;
  const { source, target } = value as Partial<Record<string, unknown>>;
  if (typeof source !== 'string' || typeof target !== 'string') return false;
  return target.startsWith('native/') && dirname(source) === dirname(target);
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
