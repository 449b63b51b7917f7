import { asc, desc, eq, gte, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { LogProofs, StoredCheckpoint } from '#application/ports/log-proofs';
import type { TenantId } from '#domain/ids';
import { digestOf, type Digest } from '#ledger/digest';
import { leafBytes } from '#ledger/leaf';
import { assembleProof, consistencyNodes, inclusionNodes, nodesOf } from '#ledger/proof-nodes';
import type { ProofPart } from '#ledger/proof-nodes';
import * as t from '../schema.ts';
import { cosignature } from '../tables/checkpoints.ts';
import { withTenant, type Transaction } from '../transaction.ts';

/** Checkpoints and proofs out of the stored nodes: at most two of each level are read for one. */
export function logProofs(pool: Pool): LogProofs {
  const within = <T>(tenant: TenantId, work: (transaction: Transaction) => Promise<T>) =>
    withTenant(pool, tenant, 'breakglass_app', work);
  return {
    newest: (tenant) =>
      within(tenant, async (transaction) => {
        const [head] = await transaction.db.select({ size: t.logHead.size }).from(t.logHead);
        return head === undefined ? null : checkpointOf(transaction, head.size);
      }),
    newestCosigned: (tenant, leastSize) =>
      within(tenant, async (transaction) => {
        const [newest] = await transaction.db
          .select({ size: cosignature.size })
          .from(cosignature)
          .where(gte(cosignature.size, leastSize))
          .orderBy(desc(cosignature.size))
          .limit(1);
        return newest === undefined ? null : checkpointOf(transaction, newest.size);
      }),
    leaf: (tenant, index) =>
      within(tenant, async ({ db }) => {
        const { statementDigest, envelope } = t.logEntry;
        const [row] = await db
          .select({ statementDigest, envelope })
          .from(t.logEntry)
          .where(eq(t.logEntry.index, index));
        if (row === undefined) return null;
        const statement = row.statementDigest as Digest;
        return { index, statement, leaf: leafBytes(statement, digestOf(row.envelope)) };
      }),
    inclusion: (tenant, index, size) =>
      within(tenant, (transaction) => assembled(transaction, inclusionNodes(index, size))),
    consistency: (tenant, oldSize, size) =>
      within(tenant, (transaction) => assembled(transaction, consistencyNodes(oldSize, size))),
  };
}

async function checkpointOf({ db }: Transaction, size: number): Promise<StoredCheckpoint | null> {
  const [row] = await db
    .select({ checkpoint: t.logCheckpoint, origin: t.logHead.origin })
    .from(t.logCheckpoint)
    .innerJoin(t.logHead, eq(t.logHead.tenantId, t.logCheckpoint.tenantId))
    .where(eq(t.logCheckpoint.size, size));
  if (row === undefined) return null;
  const lines = await db
    .select({ line: cosignature.line })
    .from(cosignature)
    .where(eq(cosignature.size, size))
    .orderBy(asc(cosignature.cosignedAt));
  const { root, note } = row.checkpoint;
  return { origin: row.origin, size, root, note, cosignatures: lines.map(({ line }) => line) };
}

async function assembled(
  { db }: Transaction,
  parts: readonly ProofPart[],
): Promise<readonly Uint8Array[]> {
  const nodes = nodesOf(parts);
  if (nodes.length === 0) return [];
  const wanted = nodes.map(({ level, index }) => sql`(${level}::int, ${index}::bigint)`);
  const rows = await db
    .select()
    .from(t.logNode)
    .where(sql`(${t.logNode.level}, ${t.logNode.index}) IN (${sql.join(wanted, sql`, `)})`);
  const found = new Map(rows.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
  return assembleProof(parts, (level, index) => found.get(`${level}/${index}`));
}
