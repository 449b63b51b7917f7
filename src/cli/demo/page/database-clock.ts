import type { Pool, PoolClient } from 'pg';
import type { DemoClock } from '../clock.ts';

export interface DatabaseClock {
  /**
   * Moves the database's clock and the demo's forward together. `false` while a press is being
   * handled: its signature's certificate must not have expired by the time that it is stamped.
   */
  move(byMs: number): Promise<boolean>;
  /** The next deadline of the service, or the next expiry alone; `null` if there is none. */
  nextDeadline(kind?: 'expire'): Promise<number | null>;
  /** Whether the service still has to do or to tell something that has come due. */
  isBehind(): Promise<boolean>;
}

export function databaseClock(pool: Pool, clock: DemoClock): DatabaseClock {
  return {
    move: (byMs) =>
      inTransaction(pool, async (client) => {
        // Until the commit no new press is taken, and those before are waited for here.
        await client.query('LOCK TABLE app.press IN SHARE MODE');
        const open = await client.query('SELECT FROM app.press WHERE outcome IS NULL LIMIT 1');
        if (open.rows.length > 0) return false;
        await client.query(nowFunction(clock.movedMs() + byMs));
        await client.query('COMMIT');
        clock.move(byMs);
        return true;
      }),
    async nextDeadline(kind) {
      const { rows } = await pool.query<{ at: string | null }>(
        `SELECT floor(extract(epoch FROM min(due_at)) * 1000)::bigint::text AS at
           FROM app.deadline
          WHERE due_at > app.now() AND ($1::text IS NULL OR kind = $1)`,
        [kind ?? null],
      );
      const at = rows[0]?.at ?? null;
      return at === null ? null : Number(at);
    },
    async isBehind() {
      const { rows } = await pool.query<{ behind: boolean }>(
        `SELECT EXISTS (SELECT FROM app.deadline WHERE due_at <= app.now())
             OR EXISTS (SELECT FROM app.note WHERE told_at IS NULL)
             OR EXISTS (SELECT FROM app.surface WHERE shown < wanted) AS behind`,
      );
      return rows[0]?.behind === true;
    },
  };
}

/** Everything that the service decides by asks this function; only the schema's owner can replace it. */
function nowFunction(movedMs: number): string {
  return `CREATE OR REPLACE FUNCTION app.now() RETURNS timestamptz
    LANGUAGE sql VOLATILE PARALLEL SAFE
    RETURN pg_catalog.clock_timestamp() + ${Math.round(movedMs)} * interval '1 millisecond'`;
}

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    return await work(client);
  } finally {
    // After a commit this does nothing; after anything else nothing stands.
    await client.query('ROLLBACK');
    client.release();
  }
}
