import { and, eq, gt, isNull, lte, max, ne, or, sql } from 'drizzle-orm';
import type { BypassId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import * as t from '../schema.ts';
import { opens } from './opens-gate.ts';
import type { Transaction } from '../transaction.ts';

/**
 * When the last of the bypasses expires that were active at that time for something that this one
 * covers too; `null` if there was none. It asks about a time and not about now, so that the answer
 * stays the same whenever it is asked.
 */
export async function openBesideUntil(
  { db }: Pick<Transaction, 'db'>,
  bypass: BypassId,
  at: Instant,
): Promise<Instant | null> {
  const [about] = await db.select().from(t.bypass).where(eq(t.bypass.bypassId, bypass));
  if (about === undefined) return null;
  const when = new Date(at);
  const meets = (column: typeof t.bypass.branch | typeof t.bypass.artifact, own: string | null) =>
    own === null ? undefined : or(isNull(column), eq(column, own));
  const [last] = await db
    .select({ until: max(t.bypass.expiresAt) })
    .from(t.bypass)
    .where(
      and(
        ne(t.bypass.bypassId, bypass),
        eq(t.bypass.drill, false),
        or(...(about.gates ?? [about.gate]).map(opens)),
        eq(t.bypass.service, about.service),
        eq(t.bypass.environment, about.environment),
        meets(t.bypass.branch, about.branch),
        meets(t.bypass.artifact, about.artifact),
        lte(sql`${t.bypass.expiresAt} - ${t.bypass.ttlMs} * interval '1 millisecond'`, when),
        gt(t.bypass.expiresAt, when),
        or(isNull(t.bypass.endedAt), gt(t.bypass.endedAt, when)),
      ),
    );
  return last?.until?.getTime() ?? null;
}
