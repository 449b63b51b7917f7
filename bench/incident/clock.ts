import type { Pool } from 'pg';

/*
 * The database's clock, on which everything is judged (`app.now()`), as the owner of the schema can set
 * it: so that bypasses begin at one instant, and end at one that is near.
 */

/** It stands still. Gives the instant, in ms. */
export async function stopClock(owner: Pool): Promise<number> {
  const { rows } = await owner.query<{ at: string }>(
    `SELECT floor(extract(epoch FROM app.now()) * 1000)::text AS at`,
  );
  const at = Number(rows[0]?.at);
  await owner.query(`CREATE OR REPLACE FUNCTION app.now() RETURNS timestamptz
    LANGUAGE sql VOLATILE PARALLEL SAFE RETURN to_timestamp(${at}::numeric / 1000)`);
  return at;
}

/** It goes on from an instant. */
export async function startClock(owner: Pool, from: number): Promise<void> {
  const { rows } = await owner.query<{ by: string }>(
    `SELECT (${from} - floor(extract(epoch FROM clock_timestamp()) * 1000))::text AS by`,
  );
  const by = Math.round(Number(rows[0]?.by));
  await owner.query(`CREATE OR REPLACE FUNCTION app.now() RETURNS timestamptz
    LANGUAGE sql VOLATILE PARALLEL SAFE
    RETURN pg_catalog.clock_timestamp() + ${by} * interval '1 millisecond'`);
}
