import { chown, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Home } from './home.ts';
import { isFolder } from './is-folder.ts';
import { passwordFile } from './password.ts';
import { runAs } from './run-as.ts';

export const superuser = 'postgres';

/**
 * Gives the data folder of `home`, running initdb at the first start. initdb writes to a temporary
 * folder that is renamed when it is complete: after a crash in between, the next start begins anew.
 */
export async function dataFolder(home: Home, binaries: Binaries, sync: boolean): Promise<string> {
  const data = join(home.folder, 'data');
  if (!(await isFolder(data))) await create(home, data, binaries, sync);
  await assertSameMajor(data, binaries);
  return data;
}

async function create(home: Home, data: string, binaries: Binaries, sync: boolean): Promise<void> {
  const temporary = await mkdtemp(join(home.folder, 'data.new-'));
  try {
    await initialise(home, temporary, binaries, sync);
    await rename(temporary, data);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another start was faster, and may have cleared ours away; its cluster has the same password.
    if (!(await isFolder(data))) throw error;
  }
}

async function initialise(
  home: Home,
  folder: string,
  binaries: Binaries,
  sync: boolean,
): Promise<void> {
  if (home.user !== undefined) await chown(folder, home.user.uid, home.user.gid);
  const { code, stderr } = await runAs(home.user, binaries.initdb, [
    `--pgdata=${folder}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile(home)}`,
    '--auth=scram-sha-256',
    // The same order and case rules on every machine, whatever locales it has.
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(sync ? [] : ['--no-sync']),
  ]);
  if (code === 0) return;
  throw new EmbeddedPostgresError(
    'initdb_failed',
    `initdb could not make a database in ${home.folder}: ${stderr.trim()}`,
  );
}

async function assertSameMajor(data: string, binaries: Binaries): Promise<void> {
  const found = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  const ours = binaries.version.split('.')[0];
  if (found === ours) return;
  throw new EmbeddedPostgresError(
    'major_version_differs',
    `${data} was written by PostgreSQL ${found}, and this release brings ${ours}. Start the ` +
      'release that wrote it, export the data, and import it into a new data folder.',
  );
}
