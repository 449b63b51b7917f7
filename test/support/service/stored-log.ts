import { Client } from 'pg';

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

/** Asks the database behind the service's back, on a connection of its own. */
export async function query<T extends object>(url: string, sql: string): Promise<readonly T[]> {
  const client = new Client({ connectionString: url });
  // A server that is killed while we are connected says so by an error, besides the rejection.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
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
