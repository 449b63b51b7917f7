import { createHash } from 'node:crypto';
import { chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { isFolder } from './is-folder.ts';
import type { OsUser } from './os-user-ids.ts';
import { serverUser } from './os-user.ts';
import { runAs } from './run-as.ts';

/** Where one server lives, and the user it runs as (`undefined`: the current one). */
export interface Home {
  /** Holds `data/`, `password` and `postgres.log`. */
  folder: string;
  /** A folder for copies of the programs, open to `user`. */
  copies: string;
  user: OsUser | undefined;
}

/** Not below /var/tmp, which many systems empty by age, and never world-writable. */
const systemFolder = '/var/lib/breakglass-postgres';

/**
 * Decides where the server of `dataDir` lives, and makes the folder.
 *
 * It is `dataDir/postgres`, except for root with a `dataDir` that the server's user cannot enter
 * (below `/root`, mode 700): then it is a folder below /var/lib named after the path, and the file
 * `dataDir/postgres.location` points to it. The pointer wins from then on, so that a moved
 * `dataDir` still finds its data.
 */
export async function serverHome(dataDir: string): Promise<Home> {
  const top = resolve(dataDir);
  const asRoot = process.getuid?.() === 0;
  await mkdir(top, { recursive: true, mode: asRoot ? 0o711 : 0o700 });
  const folder = (await pointedTo(top)) ?? (await chosen(top));
  const user = await ownerOfData(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  return { folder, copies: dirname(folder), user };
}

async function pointedTo(top: string): Promise<string | undefined> {
  const pointer = pointerOf(top);
  let folder: string;
  try {
    folder = (await readFile(pointer, 'utf8')).trim();
  } catch {
    return undefined;
  }
  // Starting empty here would look like every bypass and log entry had vanished.
  if (await isFolder(folder)) return folder;
  throw new EmbeddedPostgresError(
    'data_missing',
    `${pointer} says that the data is in ${folder}, which does not exist. Restore that folder, ` +
      'or delete the pointer file to start with an empty database.',
  );
}

async function chosen(top: string): Promise<string> {
  const inside = join(top, 'postgres');
  const user = await serverUser();
  if (user === undefined || (await isFolder(join(inside, 'data')))) return inside;
  if (await canEnter(user, top)) return inside;
  await mkdir(systemFolder, { recursive: true, mode: 0o755 });
  const name = createHash('sha256').update(top).digest('hex').slice(0, 16);
  const folder = join(systemFolder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(pointerOf(top), `${folder}\n`);
  return folder;
}

/** Root serves data as whoever owns it: PostgreSQL accepts no other user. */
async function ownerOfData(folder: string): Promise<OsUser | undefined> {
  const data = join(folder, 'data');
  if (process.getuid?.() !== 0) {
    await assertOwn(folder);
    return undefined;
  }
  if (!(await isFolder(data))) return serverUser();
  const { uid, gid } = await stat(data);
  return uid === 0 ? serverUser() : { uid, gid };
}

async function assertOwn(folder: string): Promise<void> {
  if (!(await isFolder(folder))) return;
  const { uid } = await stat(folder);
  if (process.getuid === undefined || uid === process.getuid()) return;
  throw new EmbeddedPostgresError(
    'folder_unusable',
    `${folder} belongs to another user (uid ${uid}). Start as that user or as root, or choose ` +
      'another data folder.',
  );
}

async function canEnter(user: OsUser, folder: string): Promise<boolean> {
  const { code } = await runAs(user, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder]);
  return code === 0;
}

function pointerOf(top: string): string {
  return join(top, 'postgres.location');
}
