import { Client } from 'pg';
import { MigrationError } from './migration-error.ts';
import { type Migration, readMigrations } from './migration-files.ts';
import { oldestServer } from './oldest-server.ts';

export interface MigrateOptions {
  /** `migrations/` of this release unless given. */
  folder?: string;
  log?: (message: string) => void;
}

export interface MigrateResult {
  /** Names of the files that this call applied. */
  applied: string[];
  /** Names of files that a newer release applied and this one does not know. */
  unknown: string[];
}

/** `brkglass` in ASCII, so that it can be recognised in pg_locks. */
const migrationLock = '7094694379171443571';

/** One blocked ALTER TABLE blocks every query behind it; better to fail and be run again. */
const lockTimeoutMs = 10_000;

/**
 * Brings the schema up to this release, forward only. Any number of replicas may call it at once.
 *
 * Every file runs in a transaction of its own, together with its row in `app.migration`: after a
 * crash a file is applied whole or not at all. A schema that is newer than this release is left
 * alone and reported as `unknown`, since releases run side by side while they are rolled out.
 *
 * @param url of the migrator, who becomes the owner of the schema; a direct connection or any
 *   pooler, as nothing outlives a transaction.
 * @throws MigrationError
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<MigrateResult> {
  const { folder, log = () => undefined } = options;
  const files = await readMigrations(folder);
  const client = new Client({ connectionString: url, application_name: 'breakglass-migrate' });
  // The statement at work rejects as well; this keeps a lost connection from ending the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await assertServer(client);
    await ensureLedger(client);
    const applied: string[] = [];
    for (const file of files) {
      if (!(await applyOnce(client, file))) continue;
      applied.push(file.name);
      log(`applied migration ${file.name}`);
    }
    const unknown = await unknownTo(client, files);
    if (unknown.length > 0) {
      log(`the schema is newer than this release: it also has ${unknown.join(', ')}`);
    }
    return { applied, unknown };
  } finally {
    await client.end();
  }
}

async function assertServer(client: Client): Promise<void> {
  const answer = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  const version = answer.rows[0]?.version ?? 0;
  if (version >= oldestServer) return;
  throw new MigrationError('server_too_old', 'PostgreSQL 16 or newer is needed.');
}

/** `IF NOT EXISTS` alone is not safe against another session doing the same. */
async function ensureLedger(client: Client): Promise<void> {
  await client.query(`
    BEGIN;
    SELECT pg_advisory_xact_lock(${migrationLock});
    CREATE SCHEMA IF NOT EXISTS app;
    CREATE TABLE IF NOT EXISTS app.migration (
      number integer PRIMARY KEY,
      name text NOT NULL,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    COMMIT;
  `);
}

/** True if this call applied it. */
async function applyOnce(client: Client, file: Migration): Promise<boolean> {
  await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${migrationLock})`);
  try {
    const pending = await isPending(client, file);
    if (pending) await apply(client, file);
    await client.query('COMMIT');
    return pending;
  } catch (error) {
    // On a lost connection this fails too, and the first error is the one that tells.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function isPending(client: Client, file: Migration): Promise<boolean> {
  const { rows } = await client.query<{ number: number; name: string; checksum: string }>(
    'SELECT number, name, checksum FROM app.migration WHERE number >= $1 ORDER BY number',
    [file.number],
  );
  const found = rows[0];
  if (found === undefined) return true;
  if (found.number !== file.number) {
    throw new MigrationError(
      'out_of_order',
      `${found.name} is applied, but ${file.name} before it is not. Give it the next number.`,
    );
  }
  if (found.checksum === file.checksum) return false;
  throw new MigrationError(
    'changed',
    `${file.name} differs from ${found.name} as it was applied. Restore the file, and put the ` +
      'change into a migration of its own.',
  );
}

async function apply(client: Client, file: Migration): Promise<void> {
  const before = await transactionId(client);
  try {
    // Without parameters this is one simple-protocol query, which may hold many statements.
    await client.query(`SET LOCAL lock_timeout = ${lockTimeoutMs};\n${file.sql}`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError('failed', `${file.name}: ${reason}`, { cause });
  }
  if ((await transactionId(client)) !== before) {
    throw new MigrationError(
      'not_transactional',
      `${file.name} ends its transaction: take BEGIN, COMMIT and ROLLBACK out of it.`,
    );
  }
  await client.query('INSERT INTO app.migration (number, name, checksum) VALUES ($1, $2, $3)', [
    file.number,
    file.name,
    file.checksum,
  ]);
}

async function transactionId(client: Client): Promise<string | undefined> {
  const answer = await client.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
  return answer.rows[0]?.id;
}

async function unknownTo(client: Client, files: readonly Migration[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM app.migration WHERE number > $1 ORDER BY number',
    [files.length],
  );
  return rows.map((row) => row.name);
}
