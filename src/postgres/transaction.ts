import { type NodePgDatabase, drizzle } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient } from 'pg';
import type { Role } from './connection.ts';
import { isTransient, sqlState } from './sqlstate.ts';
import {
  CommitUnknown,
  ConnectionFailed,
  TenantIdMalformed,
  TransactionAborted,
} from './transaction-error.ts';

export interface Transaction {
  client: PoolClient;
  /** Bound to `client`: everything through it is in the transaction. */
  db: NodePgDatabase;
  /**
   * Registers what may only happen once everything stands, such as waking a worker. It is lost when
   * the process is killed in between, so it may save time and nothing else. It must not throw.
   */
  afterCommit: (action: () => void) => void;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Runs `work` in one transaction as `role`, seeing the rows of one tenant. The transaction is
 * committed when `work` resolves and rolled back when it rejects, with its error handed on. Role
 * and tenant are set in the round trip of BEGIN, and end with the transaction.
 *
 * @throws TenantIdMalformed, ConnectionFailed, CommitUnknown, TransactionAborted, and whatever `work`
 *   throws.
 */
export async function withTenant<T>(
  pool: Pool,
  tenantId: string,
  role: Role,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  if (!uuid.test(tenantId)) throw new TenantIdMalformed('a tenant id is a UUID');
  return run(pool, `${begin(role)}; SELECT set_config('app.tenant', '${tenantId}', true)`, work);
}

/**
 * The same without a tenant: under row-level security only the directory tables show rows. For
 * looking up which tenant something belongs to.
 */
export async function withoutTenant<T>(
  pool: Pool,
  role: Role,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  // Set, not left alone: a session that carries a tenant from elsewhere must not lend it.
  return run(pool, `${begin(role)}; SELECT set_config('app.tenant', '', true)`, work);
}

function begin(role: Role): string {
  return `BEGIN; SET LOCAL ROLE ${role}`;
}

async function run<T>(
  pool: Pool,
  opening: string,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const client = await connect(pool);
  let broken = false;
  const actions: (() => void)[] = [];
  const afterCommit = (action: () => void): void => void actions.push(action);
  try {
    await client.query(opening);
    const result = await work({ client, db: drizzle(client), afterCommit });
    await commit(client);
    actions.forEach((action) => action());
    return result;
  } catch (error) {
    broken = !(await rolledBack(client));
    throw broken ? lost(error) : error;
  } finally {
    // A connection of unknown state is closed, never handed to the next tenant.
    client.release(broken);
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw sqlState(error) === undefined ? lost(error) : error;
  }
}

/** The driver's own errors for a lost connection have no code to tell them by. */
function lost(error: unknown): unknown {
  if (error instanceof CommitUnknown || isTransient(error)) return error;
  return new ConnectionFailed('no connection to the database', { cause: error });
}

async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT').catch((cause: unknown) => {
    // With a SQLSTATE the server spoke: a deferred constraint, say, and nothing stands. Class 08
    // and 57 are the server going away.
    const state = sqlState(cause);
    if (state !== undefined && !/^(08|57)/.test(state)) throw cause;
    throw new CommitUnknown('the connection was lost during COMMIT', { cause });
  });
  if (command === 'COMMIT') return;
  throw new TransactionAborted('a failed statement was ignored, and nothing was committed');
}

async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}
