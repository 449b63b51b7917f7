import { and, eq } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { Destination, DestinationStore, DestinationTimes } from '#application/ports/outbound';
import type { TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import { logHead } from '../schema.ts';
import * as t from '../tables/checkpoints.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { pause, pausedMs } from './channel-pauses.ts';
import { databaseNow } from './clock.ts';

/** Longer than any one try of sending; a killed process lets go after it. */
const CLAIM_MS = 60_000;

export function destinationStore(pool: Pool, jobs: Pick<Jobs, 'sendIn'>): DestinationStore {
  const within = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  const send = async (transaction: Transaction, tenant: TenantId, to: Destination, afterMs = 0) => {
    const options = afterMs <= 0 ? {} : { startAfter: Math.ceil(afterMs / 1_000) };
    const payload = { tenant, id: to.name, kind: to.kind };
    await jobs.sendIn(transaction, 'send-checkpoint', payload, options);
  };
  return {
    want: (tenant, to, isDue) =>
      within(tenant, async (transaction) => {
        if (await want(transaction, tenant, to, isDue)) await send(transaction, tenant, to);
      }),
    claim: (tenant, to, spacingMs) =>
      within(tenant, async (transaction) => {
        const row = await locked(transaction, to);
        if (row === undefined || row.sentSize >= row.wantedSize) return null;
        const now = await databaseNow(transaction);
        const waitMs = Math.max(
          (row.claimedUntil?.getTime() ?? 0) - now,
          (row.sentAt?.getTime() ?? -spacingMs) + spacingMs - now,
          to.kind === 'channel' ? await pausedMs(transaction, to.name) : 0,
        );
        if (waitMs > 0) {
          await send(transaction, tenant, to, waitMs);
          return null;
        }
        const claimedUntil = now + CLAIM_MS;
        await update(transaction, to, { claimedUntil: new Date(claimedUntil) });
        return { to, sentSize: row.sentSize, claimedUntil };
      }),
    sent: (tenant, { to, claimedUntil }, size) =>
      within(tenant, async (transaction) => {
        const row = await locked(transaction, to);
        if (row === undefined) return;
        await update(transaction, to, {
          // What a witness says counts, even where it has seen less than it was thought to have.
          sentSize: to.kind === 'witness' ? size : Math.max(size, row.sentSize),
          sentAt: new Date(await databaseNow(transaction)),
          failingSince: null,
          ...(row.claimedUntil?.getTime() === claimedUntil ? { claimedUntil: null } : {}),
        });
        if (row.wantedSize > size) await send(transaction, tenant, to);
      }),
    failed: (tenant, { to, claimedUntil }, retryAfterMs) =>
      within(tenant, async (transaction) => {
        const row = await locked(transaction, to);
        if (row === undefined) return 0;
        const now = await databaseNow(transaction);
        const since = row.failingSince?.getTime() ?? now;
        await update(transaction, to, {
          failingSince: new Date(since),
          // While the queue tries again the schedule asks for nothing more.
          wantedAt: new Date(now),
          ...(row.claimedUntil?.getTime() === claimedUntil ? { claimedUntil: null } : {}),
        });
        if (retryAfterMs !== null) {
          await pause(transaction, tenant, to.name, retryAfterMs);
          await send(transaction, tenant, to, retryAfterMs);
        }
        return now - since;
      }),
  };
}

/** Counts up what is wanted; `true` where a job is to send it. */
async function want(
  transaction: Transaction,
  tenantId: TenantId,
  { kind, name }: Destination,
  isDue: (times: DestinationTimes) => boolean = () => true,
): Promise<boolean> {
  const { db } = transaction;
  const [head] = await db.select({ size: logHead.size }).from(logHead);
  const wantedSize = head?.size ?? 0;
  if (wantedSize === 0) return false;
  const wantedAt = new Date(await databaseNow(transaction));
  const made = await db
    .insert(t.destination)
    .values({ tenantId, kind, name, wantedSize, wantedAt })
    .onConflictDoNothing()
    .returning();
  if (made.length > 0) return true;
  const row = await locked(transaction, { kind, name });
  if (row === undefined || row.sentSize >= wantedSize) return false;
  if (!isDue(timesOf(row, wantedAt.getTime()))) return false;
  await update(transaction, { kind, name }, { wantedSize, wantedAt });
  return true;
}

type Row = typeof t.destination.$inferSelect;

function timesOf({ wantedAt, sentAt, failingSince }: Row, now: number): DestinationTimes {
  return {
    now,
    wantedAt: wantedAt.getTime(),
    sentAt: sentAt?.getTime() ?? null,
    failingSince: failingSince?.getTime() ?? null,
  };
}

const isThis = ({ kind, name }: Destination) =>
  and(eq(t.destination.kind, kind), eq(t.destination.name, name));

async function locked({ db }: Transaction, to: Destination): Promise<Row | undefined> {
  const [row] = await db.select().from(t.destination).where(isThis(to)).for('update');
  return row;
}

async function update(
  { db }: Transaction,
  to: Destination,
  set: Partial<typeof t.destination.$inferInsert>,
): Promise<void> {
  await db.update(t.destination).set(set).where(isThis(to));
}
