import { and, asc, gt, isNotNull, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { StatisticsReader } from '#application/ports/statistics';
import * as t from '../schema.ts';
import { withTenant } from '../transaction.ts';
import { databaseNow } from './clock.ts';

const PAGE = 1_000;

/** The log never changes behind its head, so pages may be read in transactions of their own. */
export function statisticsReader(pool: Pool): StatisticsReader {
  return {
    now: (tenant) => withTenant(pool, tenant, 'breakglass_app', databaseNow),
    async *entriesSince(tenant, from) {
      const since = sql`recorded_at >= ${new Date(from)}`;
      for (let last = -1; ;) {
        const page = await withTenant(pool, tenant, 'breakglass_app', ({ db }) =>
          db
            .select({ index: t.logEntry.index, statement: t.logEntry.statement })
            .from(t.logEntry)
            .where(and(gt(t.logEntry.index, last), isNotNull(t.logEntry.chainId), since))
            .orderBy(asc(t.logEntry.index))
            .limit(PAGE),
        );
        for (const { statement } of page) yield statement;
        if (page.length < PAGE) return;
        last = page.at(-1)?.index ?? last;
      }
    },
  };
}
