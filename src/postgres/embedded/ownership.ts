import { Client } from 'pg';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { superuser } from './cluster.ts';
import type { Postmaster } from './postmaster-file.ts';

/** `embedded` in ASCII, so that it can be recognised in pg_locks. */
const ownerLock = '7308057326637639524';

/** @param database name, without quotes or spaces. */
export function serverUrl(server: Postmaster, password: string, database: string): string {
  return `postgresql://${superuser}:${password}@127.0.0.1:${server.port}/${database}`;
}

/**
 * Becomes the one process that answers for this server, for as long as the connection lives: a
 * session-level advisory lock, which the server drops by itself when the process is killed.
 *
 * @throws EmbeddedPostgresError `in_use` while another process holds it.
 */
export async function takeOwnership(
  server: Postmaster,
  password: string,
  data: string,
): Promise<Client> {
  const client = new Client({
    connectionString: serverUrl(server, password, 'postgres'),
    application_name: 'breakglass-owner',
  });
  // Without a listener a lost connection would end the process; `end` tells the caller as well.
  client.on('error', () => undefined);
  await client.connect();
  const answer = await client.query<{ taken: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS taken',
    [ownerLock],
  );
  if (answer.rows[0]?.taken === true) return client;
  await client.end();
  throw new EmbeddedPostgresError(
    'in_use',
    `Another process runs the database in ${data}. Stop it first, or choose another data folder; ` +
      'several replicas need one shared PostgreSQL, named by DATABASE_URL.',
  );
}
