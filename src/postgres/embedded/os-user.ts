import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { OsUser } from './os-user-ids.ts';
import { runAs } from './run-as.ts';

const name = 'postgres';

/**
 * The user that PostgreSQL runs as. PostgreSQL refuses to run as root, so root hands it to the
 * user `postgres`, which is created where it is missing; everybody else keeps their own
 * (`undefined`). It must be a named user: initdb looks its own name up.
 */
export async function serverUser(): Promise<OsUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = await lookUp();
  if (known !== undefined) return known;
  // Two processes may create it at once; the loser's exit code does not matter, the look-up does.
  const created = await runAs(undefined, 'useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
    name,
  ]);
  const made = await lookUp();
  if (made !== undefined) return made;
  throw new EmbeddedPostgresError(
    'os_user_unavailable',
    `PostgreSQL does not run as root, and the user "${name}" could not be created ` +
      `(useradd: ${created.stderr.trim()}). Run as a normal user, or create a user "${name}", ` +
      'or set DATABASE_URL.',
  );
}

async function lookUp(): Promise<OsUser | undefined> {
  const [uid, gid] = await Promise.all([
    runAs(undefined, 'id', ['-u', name]),
    runAs(undefined, 'id', ['-g', name]),
  ]);
  if (uid.code !== 0 || gid.code !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
