import { Pool, TypeOverrides, types } from 'pg';

/** The roles of migration 0001. The migrator has its own URL and no role. */
export type Role = 'breakglass_app' | 'breakglass_jobs';

export interface PoolOptions {
  /** Most connections at once; 10 unless given. */
  max?: number;
  /** Every connection starts as this role, instead of the URL's user. */
  role?: Role;
  /** Longest time to wait for a connection; 5 s unless given. */
  connectTimeoutMs?: number;
  /** Longest run of one statement on the server; 10 s unless given. */
  statementTimeoutMs?: number;
  /** Called when an idle connection is lost; the pool replaces it by itself. */
  onConnectionError?: (error: Error) => void;
}

/**
 * What is read here lies in memory, by index: with the server's own setting, which is for disks that turn, a
 * table of a hundred rows is read whole for each question.
 */
const PLANNING = ['-c random_page_cost=1.1'];

/** `int8` beyond what a JavaScript number holds exactly. */
export class NumberOutOfRange extends Error {
  override name = 'NumberOutOfRange';
}

/**
 * A pool over `url`. `int8` arrives as a number, and as `NumberOutOfRange` beyond 2^53; `timestamptz`
 * as a `Date`, which drops microseconds, so compare times in SQL. Both for plain queries: drizzle
 * maps its own columns. No statement is retried.
 */
export function createPool(url: string, options: PoolOptions = {}): Pool {
  const { connectTimeoutMs = 5_000, statementTimeoutMs = 10_000 } = options;
  const pool = new Pool({
    connectionString: url,
    max: options.max ?? 10,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    // The server's own limit says nothing when the server is gone without a word.
    query_timeout: statementTimeoutMs + 2_000,
    // A process that hangs in a transaction must not hold its row locks for ever.
    idle_in_transaction_session_timeout: 2 * statementTimeoutMs,
    application_name: 'breakglass',
    // Finds a server that vanished without a word, within the keep-alive of the system.
    keepAlive: true,
    types: columnTypes(),
    options: [...PLANNING, ...(options.role === undefined ? [] : [`-c role=${options.role}`])].join(
      ' ',
    ),
  });
  const report = options.onConnectionError ?? (() => undefined);
  // Both, since the pool stops listening on a connection while somebody uses it, and an error
  // without a listener ends the process.
  pool.on('error', report);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function columnTypes(): TypeOverrides {
  const overrides = new TypeOverrides(types);
  overrides.setTypeParser(types.builtins.INT8, exactNumber);
  return overrides;
}

function exactNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new NumberOutOfRange('an int8 does not fit a JavaScript number');
}
