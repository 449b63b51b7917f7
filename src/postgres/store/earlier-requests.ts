import { and, desc, eq, gte, ne } from 'drizzle-orm';
import type { TenantReads } from '#application/ports/tenant-store';
import type { BypassId } from '#domain/ids';
import { bypass as table } from '../schema.ts';
import type { Transaction } from '../transaction.ts';

const MOST_DENIALS = 3;

/** What became of requests like one that is shown: of the same gate, service and environment. */
export function earlierRequests({
  db,
}: Transaction): Pick<TenantReads, 'deniedSince' | 'undecidedSince'> {
  const like = async (id: BypassId, since: number) => {
    const [about] = await db.select().from(table).where(eq(table.bypassId, id));
    if (about === undefined) return null;
    return and(
      eq(table.gate, about.gate),
      eq(table.service, about.service),
      eq(table.environment, about.environment),
      eq(table.drill, about.drill),
      gte(table.endedAt, new Date(since)),
      ne(table.bypassId, id),
    );
  };
  return {
    async deniedSince(id, since) {
      const same = await like(id, since);
      if (same === null) return [];
      const rows = await db
        .select({ id: table.bypassId })
        .from(table)
        .where(and(eq(table.phase, 'denied'), same))
        .orderBy(desc(table.endedAt))
        .limit(MOST_DENIALS);
      return rows.map((row) => row.id as BypassId);
    },
    async undecidedSince(id, since) {
      const same = await like(id, since);
      if (same === null) return { withdrawn: 0, lapsed: 0 };
      const count = (phase: string) => db.$count(table, and(eq(table.phase, phase), same));
      return { withdrawn: await count('withdrawn'), lapsed: await count('lapsed') };
    },
  };
}
