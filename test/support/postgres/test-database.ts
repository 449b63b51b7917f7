import { randomBytes } from 'node:crypto';
import { createPool } from '#postgres/connection';
import { Client, type Pool } from 'pg';
import { afterAll, inject } from 'vitest';
import { templateDatabase } from './global-setup.ts';

export interface TestDatabase {
  /** Of the superuser. */
  url: string;
  /** As the superuser; row-level security binds it only within `withTenant`. */
  pool: Pool;
  /**
   * Moves `app.now()` of this database away from the real time, for every session from its next
   * statement on. Only the owner of the schema can.
   */
  setClockOffset(offsetMs: number): Promise<void>;
}

/**
 * A database of this test file's own, dropped after its last test. Call it at the top of the file:
 * `const database = await testDatabase();`
 *
 * @param template an empty database with `template0`; the migrated schema unless given.
 */
export async function testDatabase(
  template: 'template0' | typeof templateDatabase = templateDatabase,
): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = databaseUrl(server, name);
  const pool = createPool(url);
  afterAll(async () => {
    await pool.end();
    await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
  });
  return {
    url,
    pool,
    async setClockOffset(offsetMs) {
      await pool.query(clockFunction(offsetMs));
    },
  };
}

/** The statement that does so, for a database that is no `TestDatabase`. */
export function clockFunction(offsetMs: number): string {
  const offset = offsetMs === 0 ? '' : ` + ${Math.round(offsetMs)} * interval '1 millisecond'`;
  return `CREATE OR REPLACE FUNCTION app.now() RETURNS timestamptz
    LANGUAGE sql VOLATILE PARALLEL SAFE RETURN pg_catalog.clock_timestamp()${offset}`;
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = name;
  return url.href;
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
