import { Pool } from 'pg';

export interface StoredEntry {
  readonly index: number;
  readonly type: string;
  readonly bypass: string | null;
  /** The event as the signed statement has it. */
  readonly event: Readonly<Record<string, unknown>>;
}

interface Row {
  readonly index: string;
  readonly type: string;
  readonly bypass_id: string | null;
  readonly statement: Buffer;
}

/** Whoever waits asks again and again: connections are kept from one question to the next. */
const KEPT_MS = 1_000;
const pools = new Map<string, Pool>();

/** Asks the database behind the service's back, on a connection of its own. */
export async function query<T extends object>(url: string, sql: string): Promise<readonly T[]> {
  const pool = pools.get(url) ?? openPool(url);
  pools.set(url, pool);
  return (await pool.query<T>(sql)).rows;
}

function openPool(url: string): Pool {
  const pool = new Pool({
    connectionString: url,
    max: 2,
    idleTimeoutMillis: KEPT_MS,
    allowExitOnIdle: true,
  });
  // A server that is killed while we are connected says so by an error, besides any rejection.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** The whole log of the one tenant, from the tables alone. */
export async function storedLog(url: string): Promise<readonly StoredEntry[]> {
  const rows = await query<Row>(
    url,
    'SELECT index, type, bypass_id, statement FROM app.log_entry ORDER BY index',
  );
  return rows.map((row) => ({
    index: Number(row.index),
    type: row.type,
    bypass: row.bypass_id,
    event: eventOf(row.statement),
  }));
}

function eventOf(statement: Buffer): StoredEntry['event'] {
  const { predicate } = JSON.parse(statement.toString()) as {
    predicate: { event: StoredEntry['event'] };
  };
  return predicate.event;
}

export const ofType = (log: readonly StoredEntry[], type: string): readonly StoredEntry[] =>
  log.filter((entry) => entry.type === type);
