import { and, asc, eq, inArray } from 'drizzle-orm';
import type { MarkReads, MarkWrites } from '#application/ports/timeline-marks';
import type { BypassId, PersonId, TenantId } from '#domain/ids';
import { timelineMark as t } from '../tables/marks.ts';
import { surface } from '../tables/surfaces.ts';
import type { Transaction } from '../transaction.ts';

export function markReads({ db }: Transaction): MarkReads {
  return {
    async marksOf(bypasses) {
      if (bypasses.length === 0) return [];
      const rows = await db
        .select()
        .from(t)
        .where(inArray(t.bypassId, [...bypasses]))
        .orderBy(asc(t.saidAt), asc(t.ts));
      return rows.map(({ bypassId, personId, team, user, ts, said, saidAt }) => ({
        bypass: bypassId as BypassId,
        author: team === null || user === null ? null : { team, user },
        by: personId as PersonId,
        ts,
        said,
        saidAt: saidAt.getTime(),
      }));
    },
    async bypassShownAt(channel, ts) {
      const [row] = await db
        .select({ bypass: surface.bypassId })
        .from(surface)
        .where(and(eq(surface.channel, channel), eq(surface.ts, ts)))
        .limit(1);
      return (row?.bypass ?? null) as BypassId | null;
    },
  };
}

export function markWrites({ db }: Transaction, tenantId: TenantId): MarkWrites {
  return {
    async addMark({ bypass: bypassId, by: personId, author, ts, said, saidAt }) {
      const row = { tenantId, bypassId, personId, ts, said, saidAt: new Date(saidAt) };
      const rows = await db
        .insert(t)
        .values({ ...row, ...author })
        .onConflictDoNothing()
        .returning({ ts: t.ts });
      return rows.length > 0;
    },
  };
}
