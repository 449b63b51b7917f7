import { sql } from 'drizzle-orm';
import type { Instant } from '#domain/instant';
import type { Transaction } from '../transaction.ts';

/** The database's clock in whole milliseconds, asked anew: it moves within a transaction. */
export async function databaseNow({ db }: Pick<Transaction, 'db'>): Promise<Instant> {
  const { rows } = await db.execute<{ ms: string }>(
    sql`SELECT floor(extract(epoch FROM app.now()) * 1000)::bigint::text AS ms`,
  );
  return Number(rows[0]?.ms);
}
