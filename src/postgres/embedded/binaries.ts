import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { OsUser } from './os-user-ids.ts';
import { packageFolder } from './package-folder.ts';
import { runAs } from './run-as.ts';
import { isFolder } from './is-folder.ts';
import { mendLibraryLinks } from './shared-library-links.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  /** As the program prints it, e.g. `18.4`. */
  version: string;
}

/**
 * Programs that `user` can really run. They are tried where npm put them; where that fails (a
 * checkout below a closed folder such as `/root`, a read-only installation with missing links)
 * they are copied to `copies`, once a version.
 */
export async function usableBinaries(user: OsUser | undefined, copies: string): Promise<Binaries> {
  const installed = packageFolder();
  const inPlace = await tryFolder(installed, user);
  if (typeof inPlace !== 'string') return inPlace;
  const copied = await tryFolder(await copyOnce(installed, copies), user);
  if (typeof copied !== 'string') return copied;
  throw new EmbeddedPostgresError(
    'binaries_unusable',
    `The PostgreSQL that npm installed cannot run here, in place (${inPlace}) or copied ` +
      `(${copied}). Reinstall the packages, or set DATABASE_URL.`,
  );
}

/** Binaries, or the reason why there are none. */
async function tryFolder(native: string, user: OsUser | undefined): Promise<Binaries | string> {
  const postgres = join(native, 'bin', 'postgres');
  try {
    await mendLibraryLinks(native);
  } catch (error) {
    return String(error);
  }
  const answer = await runAs(user, postgres, ['--version']);
  const version = /(\d+\.\d+)/.exec(answer.stdout)?.[1];
  if (answer.code !== 0 || version === undefined) {
    return answer.stderr.trim() || `exit code ${answer.code}`;
  }
  return { postgres, initdb: join(native, 'bin', 'initdb'), version };
}

/**
 * The copy appears whole or not at all: it is made under a temporary name and renamed. If two
 * processes copy at once, the second rename fails and its copy is thrown away.
 */
async function copyOnce(installed: string, copies: string): Promise<string> {
  const place = join(copies, `postgres-${await packageVersion(installed)}`);
  if (await isFolder(place)) return join(place, 'native');
  const temporary = await mkdtemp(join(copies, '.copy-'));
  await cp(installed, join(temporary, 'native'), { recursive: true, verbatimSymlinks: true });
  // An installation made under a strict umask is closed to the other user.
  await runAs(undefined, 'chmod', ['-R', 'a+rX', temporary]);
  try {
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { recursive: true });
    if (!(await isFolder(place))) throw error;
  }
  return join(place, 'native');
}

async function packageVersion(installed: string): Promise<string> {
  const text = await readFile(join(installed, '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
