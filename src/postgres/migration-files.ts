import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MigrationError } from './migration-error.ts';

export interface Migration {
  number: number;
  /** The file's name, e.g. `0001_roles.sql`. */
  name: string;
  sql: string;
  /** SHA-256 in hex, over the text with Unix line ends: a checkout on Windows has others. */
  checksum: string;
}

/** `migrations/` at the top of the package, from the sources and from the build alike. */
export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/**
 * Reads `NNNN_name.sql`, in order. Other files (the schema dump) are passed over.
 *
 * @throws MigrationError `numbering` unless the numbers are 1, 2, 3 …
 */
export async function readMigrations(folder: string = migrationsFolder): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(names.map((name) => read(folder, name)));
  files.forEach((file, index) => {
    if (file.number === index + 1) return;
    throw new MigrationError(
      'numbering',
      `${file.name} should have the number ${index + 1}: migrations are numbered without gaps.`,
    );
  });
  return files;
}

async function read(folder: string, name: string): Promise<Migration> {
  const number = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1];
  if (number === undefined) {
    throw new MigrationError('numbering', `${name} is not named like 0001_what_it_does.sql.`);
  }
  const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
  const checksum = createHash('sha256').update(sql).digest('hex');
  return { number: Number(number), name, sql, checksum };
}
