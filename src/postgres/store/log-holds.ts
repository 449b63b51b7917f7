import { asc, eq, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { LogHoldStore } from '#application/ports/log-hold';
import type { TenantId } from '#domain/ids';
import { parseCheckpoint } from '#ledger/checkpoint';
import { readStatement } from '#ledger/read-statement';
import { parseNote } from '#ledger/signed-note';
import { logCheckpoint, logEntry, logHead } from '../schema.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { TenantUnknown } from './tenant-unknown.ts';

/** Holds of all tenants' logs, over one pool. */
export function logHolds(pool: Pool): LogHoldStore {
  const within = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  return {
    compare: (tenant, seen) =>
      within(tenant, async ({ db }) => {
        // Locked, so that no commit that is under way is taken for one that is missing.
        const [head] = await db.select().from(logHead).for('update');
        if (head === undefined) throw new TenantUnknown('this tenant has no log');
        const { size, restores, heldNote } = head;
        const [had] = await db
          .select({ root: logCheckpoint.root })
          .from(logCheckpoint)
          .where(eq(logCheckpoint.size, seen.size));
        const isSame = had !== undefined && Buffer.from(had.root).toString('base64') === seen.root;
        if (isSame && seen.restores <= restores) return { outcome: 'had', size };
        if (seen.restores < restores) return { outcome: 'acknowledged', size };
        if (heldNote === null || sizeOf(heldNote) < seen.size)
          await db
            .update(logHead)
            .set({ heldNote: seen.note, heldAt: sql`coalesce(${logHead.heldAt}, app.now())` });
        // What counted the restores went back as well. Without this the head would be of after the
        // restore that is acknowledged next, and hold the log again.
        if (restores < seen.restores) await db.update(logHead).set({ restores: seen.restores });
        return { outcome: 'held', size };
      }),
    acknowledged: (tenant) =>
      within(tenant, async ({ db }) => {
        const rows = await db
          .select({ statement: logEntry.statement })
          .from(logEntry)
          .where(eq(logEntry.type, 'log.restored'))
          .orderBy(asc(logEntry.index));
        const lost = rows.flatMap(({ statement }) => {
          const read = readStatement(statement);
          if (!read.ok || read.value.event.type !== 'log.restored') return [];
          return [read.value.event.lostSize];
        });
        const [head] = await db.select({ restores: logHead.restores }).from(logHead);
        return { lost, restores: head?.restores ?? 0 };
      }),
  };
}

/** How many entries a checkpoint covers; 0 where it is none. */
function sizeOf(note: string): number {
  const read = parseNote(note);
  const parsed = read.ok ? parseCheckpoint(read.value.text) : null;
  return parsed?.ok === true ? parsed.value.size : 0;
}
