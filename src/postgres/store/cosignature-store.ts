import { asc, eq, gte } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { CosignatureStore } from '#application/ports/log-proofs';
import { withCosignatures } from '#ledger/cosignature';
import { logCheckpoint } from '../schema.ts';
import { cosignature } from '../tables/checkpoints.ts';
import { withTenant } from '../transaction.ts';

export function cosignatureStore(pool: Pool): CosignatureStore {
  return {
    add: (tenantId, size, cosignatures) =>
      withTenant(pool, tenantId, 'breakglass_app', async ({ db }) => {
        const rows = cosignatures.map(({ name, keyId, line, cosignedAt }) => ({
          tenantId,
          size,
          name,
          keyId,
          line,
          cosignedAt: new Date(cosignedAt),
        }));
        // The first of a witness at a size stays: the earlier its time, the more it proves.
        if (rows.length > 0) await db.insert(cosignature).values(rows).onConflictDoNothing();
      }),
    cosignedSince: (tenant, least) =>
      withTenant(pool, tenant, 'breakglass_app', async ({ db }) => {
        const [first] = await db
          .select({ size: cosignature.size })
          .from(cosignature)
          .where(gte(cosignature.size, least))
          .orderBy(asc(cosignature.size))
          .limit(1);
        if (first === undefined) return null;
        const { size } = first;
        const rows = await db
          .select()
          .from(cosignature)
          .where(eq(cosignature.size, size))
          .orderBy(asc(cosignature.cosignedAt));
        const [checkpoint] = await db
          .select()
          .from(logCheckpoint)
          .where(eq(logCheckpoint.size, size));
        const [earliest] = rows;
        if (checkpoint === undefined || earliest === undefined) return null;
        const lines = rows.map(({ line }) => line);
        const note = withCosignatures(checkpoint.note, lines);
        return { size, note, cosignedAt: earliest.cosignedAt.getTime() };
      }),
  };
}
