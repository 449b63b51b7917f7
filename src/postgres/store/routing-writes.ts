import { and, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import type { TenantWrites } from '#application/ports/tenant-store';
import type { TenantId } from '#domain/ids';
import * as t from '../schema.ts';
import type { Transaction } from '../transaction.ts';

type RoutingWrites = Pick<TenantWrites, 'ask' | 'markGone' | 'addRecheck' | 'postponeEscalations'>;

/** Who is asked, and when it is looked again. */
export function routingWrites({ db }: Transaction, tenantId: TenantId): RoutingWrites {
  return {
    async ask(bypassId, people) {
      if (people.length === 0) return;
      const rows = people.map(({ person, from }) => ({
        tenantId,
        bypassId,
        personId: person,
        from,
      }));
      await db
        .insert(t.asked)
        .values(rows)
        .onConflictDoUpdate({
          target: [t.asked.tenantId, t.asked.bypassId, t.asked.personId, t.asked.from],
          // Whoever had gone and is back is asked anew.
          set: { goneAt: null, askedAt: sql`app.now()` },
          setWhere: isNotNull(t.asked.goneAt),
        });
    },
    async markGone(bypass, people) {
      for (const { person, from } of people)
        await db
          .update(t.asked)
          .set({ goneAt: sql`app.now()` })
          .where(
            and(eq(t.asked.bypassId, bypass), eq(t.asked.personId, person), eq(t.asked.from, from)),
          );
    },
    async addRecheck(bypassId, afterMs) {
      const then = sql`app.now() + ${afterMs} * interval '1 millisecond'`;
      // To the millisecond, as it is read: what is done is found again by its time.
      const dueAt = sql`date_trunc('milliseconds', ${then})`;
      await db
        .insert(t.deadline)
        .values({ tenantId, bypassId, kind: 'recheck', dueAt })
        .onConflictDoNothing();
    },
    async postponeEscalations(bypasses) {
      if (bypasses.length === 0) return;
      const seconds = sql`least(30, 2 ^ least(${t.deadline.tries}, 5))`;
      await db
        .update(t.deadline)
        .set({
          tries: sql`${t.deadline.tries} + 1`,
          retryAt: sql`app.now() + ${seconds} * interval '1 second'`,
        })
        .where(
          and(
            eq(t.deadline.tenantId, tenantId),
            inArray(t.deadline.bypassId, [...bypasses]),
            eq(t.deadline.kind, 'escalate'),
            lte(t.deadline.dueAt, sql`app.now()`),
          ),
        );
    },
  };
}
