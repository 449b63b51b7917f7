import { and, gte, inArray, lte, sql } from 'drizzle-orm';
import type { Sight } from '#application/ports/tenant-store';
import type { Instant } from '#domain/instant';
import * as t from '../schema.ts';
import type { Transaction } from '../transaction.ts';
import { opens } from './opens-gate.ts';
import { openBypass } from './rows.ts';

/** Bypasses, active or closed, by which a gate was open at some time between these two. */
export async function openedBetween(
  { db }: Pick<Transaction, 'db'>,
  gate: string,
  from: Instant,
  to: Instant,
): Promise<Sight['open']> {
  const since = sql`${t.bypass.expiresAt} - ${t.bypass.ttlMs} * interval '1 millisecond'`;
  // One whose end nobody has recorded yet ended at its expiry all the same.
  const until = sql`least(${t.bypass.expiresAt}, ${t.bypass.endedAt})`;
  const rows = await db
    .select()
    .from(t.bypass)
    .where(
      and(
        opens(gate),
        inArray(t.bypass.phase, ['active', 'closed']),
        lte(since, new Date(to)),
        gte(until, new Date(from)),
      ),
    );
  return rows.flatMap(openBypass);
}
