import { createPool, NumberOutOfRange } from '#postgres/connection';
import { isTransient, sqlState } from '#postgres/sqlstate';
import { withTenant, withoutTenant } from '#postgres/transaction';
import {
  CommitUnknown,
  ConnectionFailed,
  TenantIdMalformed,
  TransactionAborted,
} from '#postgres/transaction-error';
import { testDatabase } from '#test/support/postgres/test-database';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const database = await testDatabase();
const { pool } = database;
// One connection, so that every transaction meets what the one before left on it.
const single = createPool(database.url, { max: 1 });
afterAll(() => single.end());

const acme = '0198c5a0-0000-7000-8000-00000000000a';
const other = '0198c5a0-0000-7000-8000-00000000000b';
const app = 'breakglass_app';

beforeAll(async () => {
  await pool.query(`
    CREATE SCHEMA trial;
    GRANT USAGE ON SCHEMA trial TO breakglass_app;
    CREATE TABLE trial.note (
      tenant_id uuid NOT NULL, id int NOT NULL, PRIMARY KEY (tenant_id, id),
      later int REFERENCES app.migration (number) DEFERRABLE INITIALLY DEFERRED);
    ALTER TABLE trial.note ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY own ON trial.note USING (tenant_id = app.tenant_id());
    GRANT SELECT, INSERT ON trial.note TO breakglass_app;
  `);
});

beforeEach(() =>
  pool.query(`TRUNCATE trial.note; INSERT INTO trial.note VALUES ('${acme}', 1), ('${other}', 2)`),
);

async function ids(tenantId: string): Promise<unknown[]> {
  return withTenant(single, tenantId, app, async ({ db }) => {
    const { rows } = await db.execute(sql`SELECT id FROM trial.note`);
    return rows.map((row) => row['id']);
  });
}

describe('withTenant', () => {
  test('shows the rows of its tenant alone', async () => {
    expect(await ids(acme)).toEqual([1]);
    expect(await ids(other)).toEqual([2]);
  });

  test('refuses a row of another tenant', async () => {
    const smuggled = withTenant(single, acme, app, ({ client }) =>
      client.query('INSERT INTO trial.note VALUES ($1, 3)', [other]),
    );
    await expect(smuggled).rejects.toMatchObject({ code: '42501' });
  });

  test('leaves neither tenant nor role on the connection', async () => {
    await ids(acme);
    const { rows } = await single.query(
      `SELECT current_user AS role, current_setting('app.tenant', true) AS tenant`,
    );
    expect(rows).toEqual([{ role: 'postgres', tenant: '' }]);
  });

  test('without a tenant no row is seen, even after a transaction that had one', async () => {
    await single.query(`SELECT set_config('app.tenant', '${acme}', false)`);
    const seen = await withoutTenant(single, app, ({ client }) =>
      client.query('SELECT FROM trial.note'),
    );
    expect(seen.rowCount).toBe(0);
  });

  test('takes no tenant that is not a UUID', async () => {
    await expect(ids(`'; RESET ROLE; --`)).rejects.toThrow(TenantIdMalformed);
  });

  test('rolls back what it did when the work fails, and hands its error on', async () => {
    const failure = new Error('after the insert');
    const work = withTenant(single, acme, app, async ({ client }) => {
      await client.query('INSERT INTO trial.note VALUES ($1, 3)', [acme]);
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await ids(acme)).toEqual([1]);
  });

  test('runs what waits for the commit after it, and never without it', async () => {
    const seen: string[] = [];
    await withTenant(single, acme, app, async ({ afterCommit }) => {
      afterCommit(() => seen.push('committed'));
      seen.push('worked');
    });
    const failed = withTenant(single, acme, app, async ({ afterCommit }) => {
      afterCommit(() => seen.push('rolled back'));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow();
    expect(seen).toEqual(['worked', 'committed']);
  });

  test('does not call a swallowed failure a success', async () => {
    const work = withTenant(single, acme, app, async ({ client }) => {
      await client.query('INSERT INTO trial.note VALUES ($1, 3)', [acme]);
      await client.query('SELECT 1/0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow(TransactionAborted);
    expect(await ids(acme)).toEqual([1]);
  });

  test('tells a commit that was refused from one that is unknown', async () => {
    const refused = withTenant(single, acme, app, ({ client }) =>
      client.query('INSERT INTO trial.note VALUES ($1, 3, 9999)', [acme]),
    );
    await expect(refused).rejects.toMatchObject({ code: '23503' });
    const unknown = withTenant(single, acme, app, async ({ client }) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    });
    const error: unknown = await unknown.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CommitUnknown);
    expect(isTransient(error)).toBe(false);
    expect(await ids(acme)).toEqual([1]);
  });

  test('says that nothing stands when the connection is lost before the commit', async () => {
    const cut = withTenant(single, acme, app, async ({ client }) => {
      await client.query('INSERT INTO trial.note VALUES ($1, 3)', [acme]);
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const ended = new Promise((resolve) => client.once('end', resolve));
      await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await ended;
      await client.query('SELECT 1');
    });
    const error: unknown = await cut.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConnectionFailed);
    expect(isTransient(error)).toBe(true);
    expect(await ids(acme)).toEqual([1]);
  });

  test('says so when there is no connection to be had', async () => {
    const full = createPool(database.url, { max: 1, connectTimeoutMs: 50 });
    const waiting = withTenant(full, acme, app, () => withTenant(full, acme, app, async () => 1));
    await expect(waiting).rejects.toThrow(ConnectionFailed);
    await full.end();
  });
});

describe('a pool', () => {
  test('outlives the loss of its connections', async () => {
    const lost: Error[] = [];
    const brittle = createPool(database.url, { onConnectionError: (error) => lost.push(error) });
    const { rows } = await brittle.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await expect.poll(() => lost.map(sqlState), { timeout: 20_000 }).toEqual(['57P01']);
    expect((await brittle.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await brittle.end();
  });

  test('begins as its role', async () => {
    const jobs = createPool(database.url, { role: 'breakglass_jobs' });
    expect((await jobs.query('SELECT current_user AS role')).rows).toEqual([
      { role: 'breakglass_jobs' },
    ]);
    await jobs.end();
  });

  test('ends a statement that runs too long', async () => {
    const hasty = createPool(database.url, { statementTimeoutMs: 50 });
    await expect(hasty.query('SELECT pg_sleep(10)')).rejects.toMatchObject({ code: '57014' });
    await hasty.end();
  });

  test('reads int8 as an exact number, or not at all', async () => {
    const { rows } = await pool.query('SELECT 9007199254740991::int8 AS most');
    expect(rows).toEqual([{ most: Number.MAX_SAFE_INTEGER }]);
    await expect(pool.query('SELECT 9007199254740993::int8')).rejects.toThrow(NumberOutOfRange);
  });
});

describe('the clock', () => {
  test('moves within a transaction, and with the offset of a test', async () => {
    const skew = `SELECT extract(epoch FROM app.now() - clock_timestamp())::int AS seconds`;
    expect((await pool.query(skew)).rows).toEqual([{ seconds: 0 }]);
    await database.setClockOffset(3_600_000);
    expect((await pool.query(skew)).rows).toEqual([{ seconds: 3600 }]);
    await database.setClockOffset(0);
    const { rows } = await withoutTenant(pool, app, async ({ client }) => {
      await client.query('SELECT pg_sleep(0.01)');
      return client.query('SELECT app.now() > now() AS later');
    });
    expect(rows).toEqual([{ later: true }]);
  });

  test('is not moved by the app role', async () => {
    const replaced = withoutTenant(pool, app, ({ client }) =>
      client.query(`CREATE OR REPLACE FUNCTION app.now() RETURNS timestamptz
        LANGUAGE sql VOLATILE RETURN 'infinity'`),
    );
    await expect(replaced).rejects.toMatchObject({ code: '42501' });
  });
});

test('what may be begun anew is told by its code', () => {
  const raised = (code: string) => Object.assign(new Error('x'), { code, severity: 'ERROR' });
  for (const code of ['40001', '40P01', '57P01', '08006', '08P01', '53300']) {
    expect(isTransient(raised(code)), code).toBe(true);
  }
  for (const code of ['23505', '42501', '57014', '22012']) {
    expect(isTransient(raised(code)), code).toBe(false);
  }
  expect(isTransient(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))).toBe(true);
  expect(isTransient(new Error('Connection terminated'))).toBe(false);
  expect(isTransient(new CommitUnknown())).toBe(false);
});
