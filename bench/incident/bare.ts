import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';

/*
 * What commits are held against: five prepared statements in one transaction (a lock on one row, two
 * inserts of which one is as long as an entry, an update of that row) between BEGIN and COMMIT, on the
 * same server and without a signature.
 */

const TABLES = `
  CREATE SCHEMA five;
  CREATE TABLE five.head (id int PRIMARY KEY, size bigint NOT NULL);
  CREATE TABLE five.entry (head int, index bigint, statement bytea NOT NULL, PRIMARY KEY (head, index));
  CREATE TABLE five.deploy (id uuid PRIMARY KEY, index bigint NOT NULL)`;

/** @param heads rows that transactions lock: a tenant each. */
export async function bareTables(owner: Pool, heads: number): Promise<void> {
  await owner.query(TABLES);
  await owner.query('INSERT INTO five.head SELECT n, 0 FROM generate_series(0, $1::int - 1) AS n', [
    heads,
  ]);
}

export async function bareTransaction(pool: Pool, head: number): Promise<void> {
  const client = await pool.connect();
  const run = (name: string, text: string, values: readonly unknown[]) =>
    client.query<{ size: string }>({ name, text, values: [...values] });
  try {
    await client.query('BEGIN');
    const { rows } = await run('lock', LOCK, [head]);
    const index = Number(rows[0]?.size ?? 0) + 1;
    await run('entry', 'INSERT INTO five.entry VALUES ($1, $2, $3)', [head, index, ENTRY]);
    await run('deploy', 'INSERT INTO five.deploy VALUES ($1, $2)', [randomUUID(), index]);
    await run('head', 'UPDATE five.head SET size = $2 WHERE id = $1', [head, index]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

const LOCK = 'SELECT size FROM five.head WHERE id = $1 FOR UPDATE';
/** About as long as the statement and the envelope of an entry. */
const ENTRY = Buffer.alloc(3_000, 'entry');
