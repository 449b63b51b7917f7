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
  { client, db }: Transaction,
  tenantId: TenantId,
  from: number,
  batch: SealedBatch,
): Promise<void> {
  const { size, peaks } = batch.frontier;
  await client.query({ name: 'append', text: APPEND, values: valuesOf(tenantId, from, batch) });
  const { root, checkpoint: note, keys, nextKeys } = batch;
  const signedWith = { logKey: keys.log, serviceKey: keys.service };
  await db.insert(t.logCheckpoint).values({ tenantId, size, root, note, ...signedWith });
  await db
    .update(t.logHead)
    .set({ size, peaks: [...peaks], logKey: nextKeys.log, serviceKey: nextKeys.service })
    .where(eq(t.logHead.tenantId, tenantId));
}

// One text for batches of any size, so that it is parsed and planned once a connection.
const APPEND = `
  WITH entries AS (
    INSERT INTO app.log_entry (tenant_id, checkpoint_size, index, type, chain_id, bypass_id,
        statement, statement_digest, envelope)
      SELECT $1::uuid, $2::bigint, e.* FROM unnest($3::bigint[], $4::text[], $5::uuid[], $6::uuid[],
        $7::bytea[], $8::text[], $9::text[]) AS e
  ), openings AS (
    INSERT INTO app.log_opening (tenant_id, index, name, salt, value)
      SELECT $1::uuid, o.* FROM unnest($10::bigint[], $11::text[], $12::bytea[], $13::text[]) AS o
  )
  INSERT INTO app.log_node (tenant_id, level, index, hash)
    SELECT $1::uuid, n.* FROM unnest($14::int[], $15::bigint[], $16::bytea[]) AS n`;

function valuesOf(tenantId: TenantId, from: number, batch: SealedBatch): unknown[] {
  const { entries, nodes } = batch;
  const openings = entries.flatMap((entry, offset) =>
    Object.entries(entry.openings).map(([name, opening]) => ({
      index: from + offset,
      name,
      ...opening,
    })),
  );
  return [
    tenantId,
    batch.frontier.size,
    entries.map((_, offset) => from + offset),
    entries.map(({ type }) => type),
    entries.map(({ chain }) => chain),
    entries.map(({ bypass }) => bypass),
    entries.map(({ statement }) => statement),
    entries.map(({ digest }) => digest),
    entries.map(({ envelope }) => envelope),
    openings.map(({ index }) => index),
    openings.map(({ name }) => name),
    openings.map(({ salt }) => salt),
    openings.map(({ value }) => value),
    nodes.map(({ level }) => level),
    nodes.map(({ index }) => index),
    nodes.map(({ hash }) => hash),
  ];
}
