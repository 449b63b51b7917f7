import type { SealedBatch } from '#application/ports/tenant-store';
import type { TenantId } from '#domain/ids';
import type { Transaction } from '../transaction.ts';

/**
 * Writes a sealed batch behind `from` entries: entries, openings, tree nodes, checkpoint, head. The
 * log's tables refuse any other change, a second writer at the same size breaks on their keys, and
 * one that signed with keys that are not in force on the checkpoint's.
 */
export async function append(
  { client }: Transaction,
  tenantId: TenantId,
  from: number,
  batch: SealedBatch,
): Promise<void> {
  await client.query({ name: 'append', text: APPEND, values: valuesOf(tenantId, from, batch) });
}

// One text for batches of any size, so that it is parsed and planned once a connection. The head moves
// behind the checkpoint, which looks whether its keys are those of the head as it was.
const APPEND = `
  WITH entries AS (
    INSERT INTO app.log_entry (tenant_id, checkpoint_size, index, type, chain_id, bypass_id,
        statement, statement_digest, envelope)
      SELECT $1::uuid, $2::bigint, e.* FROM unnest($3::bigint[], $4::text[], $5::uuid[], $6::uuid[],
        $7::bytea[], $8::text[], $9::text[]) AS e
  ), openings AS (
    INSERT INTO app.log_opening (tenant_id, index, name, salt, value)
      SELECT $1::uuid, o.* FROM unnest($10::bigint[], $11::text[], $12::bytea[], $13::text[]) AS o
  ), nodes AS (
    INSERT INTO app.log_node (tenant_id, level, index, hash)
      SELECT $1::uuid, n.* FROM unnest($14::int[], $15::bigint[], $16::bytea[]) AS n
  ), checkpoint AS (
    INSERT INTO app.log_checkpoint (tenant_id, size, root, note, log_key, service_key)
      VALUES ($1::uuid, $2::bigint, $17::bytea, $18::text, $19::int, $20::int)
      RETURNING tenant_id, size
  )
  UPDATE app.log_head AS head
    SET size = checkpoint.size, peaks = $21::bytea[], log_key = $22::int, service_key = $23::int
    FROM checkpoint WHERE head.tenant_id = checkpoint.tenant_id`;

function valuesOf(tenantId: TenantId, from: number, batch: SealedBatch): unknown[] {
  const { entries, nodes, root, checkpoint, keys, nextKeys } = batch;
  const { size, peaks } = batch.frontier;
  const openings = entries.flatMap((entry, offset) =>
    Object.entries(entry.openings).map(([name, opening]) => ({
      index: from + offset,
      name,
      ...opening,
    })),
  );
  return [
    tenantId,
    size,
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
    root,
    checkpoint,
    keys.log,
    keys.service,
    peaks,
    nextKeys.log,
    nextKeys.service,
  ];
}
