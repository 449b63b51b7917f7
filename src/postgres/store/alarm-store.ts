import { randomUUID } from 'node:crypto';
import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { AlarmCode, AlarmNotice, AlarmStore } from '#application/ports/alarm';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import * as t from '../tables/checkpoints.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { databaseNow } from './clock.ts';

/** Alarms of all tenants. A partial unique index keeps each thing that is wrong at one row. */
export function alarmStore(pool: Pool, jobs: Pick<Jobs, 'sendIn'>): AlarmStore {
  const within = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  const tell = (transaction: Transaction, tenant: TenantId, id: string, startAfter = 0) =>
    jobs.sendIn(transaction, 'alarm', { tenant, id }, startAfter === 0 ? {} : { startAfter });
  const end = async (transaction: Transaction, tenant: TenantId, key: string, except?: string) => {
    const standing = and(eq(t.alarm.key, key), isNull(t.alarm.clearedAt));
    const rows = await transaction.db
      .update(t.alarm)
      .set({ clearedAt: sql`app.now()` })
      .where(except === undefined ? standing : and(standing, ne(t.alarm.code, except)))
      .returning({ id: t.alarm.alarmId });
    for (const { id } of rows) await tell(transaction, tenant, id);
    return rows.length > 0;
  };
  return {
    raise: (tenantId, { key, code, about }) =>
      within(tenantId, async (transaction) => {
        await end(transaction, tenantId, key, code);
        const raisedAt = new Date(await databaseNow(transaction));
        const rows = await transaction.db
          .insert(t.alarm)
          .values({ tenantId, alarmId: randomUUID(), key, code, about, raisedAt })
          .onConflictDoNothing()
          .returning({ id: t.alarm.alarmId });
        for (const { id } of rows) await tell(transaction, tenantId, id);
        return rows.length > 0;
      }),
    clear: (tenant, key) => within(tenant, (transaction) => end(transaction, tenant, key)),
    standing: (tenant, prefix) =>
      within(tenant, async ({ db }) => {
        const rows = await db
          .select({ key: t.alarm.key })
          .from(t.alarm)
          .where(and(sql`starts_with(${t.alarm.key}, ${prefix})`, isNull(t.alarm.clearedAt)));
        return rows.map(({ key }) => key);
      }),
    toTell: (tenant, id) =>
      within(tenant, async ({ db }) => {
        const [row] = await db.select().from(t.alarm).where(eq(t.alarm.alarmId, id));
        return row === undefined || isTold(row) ? null : noticeOf(row);
      }),
    told: (tenant, { id, clearedAt }) =>
      within(tenant, async ({ db }) => {
        const told = { toldAt: sql`coalesce(${t.alarm.toldAt}, app.now())` };
        await db
          .update(t.alarm)
          .set(clearedAt === null ? told : { ...told, clearingToldAt: sql`app.now()` })
          .where(eq(t.alarm.alarmId, id));
      }),
    tellLater: (tenant, id, afterMs) =>
      within(tenant, async (transaction) => {
        await tell(transaction, tenant, id, Math.max(1, Math.ceil(afterMs / 1_000)));
      }),
  };
}

type Row = typeof t.alarm.$inferSelect;

const isTold = ({ toldAt, clearedAt, clearingToldAt }: Row): boolean =>
  clearedAt === null ? toldAt !== null : clearingToldAt !== null;

export function noticeOf({ alarmId, key, code, about, raisedAt, clearedAt }: Row): AlarmNotice {
  return {
    id: alarmId,
    key,
    code: code as AlarmCode,
    about: about as AlarmNotice['about'],
    raisedAt: raisedAt.getTime(),
    clearedAt: clearedAt?.getTime() ?? null,
  };
}
