import { eq } from 'drizzle-orm';
import type { SealedBatch } from '#application/ports/tenant-store';
import type { TenantId } from '#domain/ids';
import * as t from '../schema.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Writes a sealed batch behind `from` entries: entries, openings, tree nodes, checkpoint, head. The
 * log's tables refuse any other change, a second writer at the same size breaks on their keys, and
 * one that signed with keys that are not in force on the checkpoint's.
 */
export async function append(
  { db }: Transaction,
  tenantId: TenantId,
  from: number,
  batch: SealedBatch,
): Promise<void> {
  const { size, peaks } = batch.frontier;
  const indexed = batch.entries.map((entry, offset) => ({ ...entry, index: from + offset }));
  await db.insert(t.logEntry).values(
    indexed.map((entry) => ({
      tenantId,
      index: entry.index,
      type: entry.type,
      chainId: entry.chain,
      bypassId: entry.bypass,
      statement: entry.statement,
      statementDigest: entry.digest,
      envelope: entry.envelope,
      checkpointSize: size,
    })),
  );
  const openings = indexed.flatMap(({ index, openings: values }) =>
    Object.entries(values).map(([name, { salt, value }]) => ({
      tenantId,
      index,
      name,
      salt,
      value,
    })),
  );
  if (openings.length > 0) await db.insert(t.logOpening).values(openings);
  await db.insert(t.logNode).values(batch.nodes.map((node) => ({ tenantId, ...node })));
  const { root, checkpoint: note, keys, nextKeys } = batch;
  const signedWith = { logKey: keys.log, serviceKey: keys.service };
  await db.insert(t.logCheckpoint).values({ tenantId, size, root, note, ...signedWith });
  await db
    .update(t.logHead)
    .set({ size, peaks: [...peaks], logKey: nextKeys.log, serviceKey: nextKeys.service })
    .where(eq(t.logHead.tenantId, tenantId));
}
