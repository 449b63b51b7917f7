import { asc, sql } from 'drizzle-orm';
import type { Pool } from 'pg';
import { needsReseal, openSecret, sealedUnder, sealSecret } from '../envelope.ts';
import type { KeyRing } from '../key-ring.ts';
import * as t from '../schema.ts';
import { installDirectory } from '../tables/installations.ts';
import { withoutTenant, withTenant } from '../transaction.ts';
import { INSTALLATION } from './secret-store.ts';

/** A key-encryption key, by its id, and how many secrets it seals. */
export interface SealingKey {
  readonly id: string;
  /** `missing` seals something and is not in BREAKGLASS_KEK. */
  readonly listed: 'current' | 'former' | 'missing';
  readonly secrets: number;
}

export interface Resealing {
  /** The keys of BREAKGLASS_KEK in their order, then those that are missing from it. */
  keys(): Promise<readonly SealingKey[]>;
  /**
   * Seals everything under the first key, one secret at a time. Breaking it off loses nothing; what
   * is done stays done, and again it goes on with the rest. Gives how many it sealed anew.
   *
   * @throws EnvelopeError for a secret whose key is not listed.
   */
  run(onProgress: (done: number, all: number) => void): Promise<number>;
}

interface SealedSecret {
  readonly tenantId: string;
  readonly purpose: string;
  readonly sealed: Uint8Array;
}

/** The secrets of every tenant and of the installation, over one pool. */
export function resealing(pool: Pool, ring: KeyRing): Resealing {
  const everySecret = async (): Promise<readonly SealedSecret[]> => {
    const found: SealedSecret[] = [];
    for (const tenantId of [INSTALLATION, ...(await tenantIds(pool))])
      for (const row of await secretsOf(pool, tenantId)) found.push({ tenantId, ...row });
    return found;
  };
  return {
    async keys() {
      const counts = new Map(
        [ring.current, ...ring.former].map(({ id }) => [id.toString('hex'), 0]),
      );
      const listed = new Set(counts.keys());
      for (const { sealed } of await everySecret()) {
        const id = sealedUnder(sealed);
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      const current = ring.current.id.toString('hex');
      return [...counts].map(([id, secrets]) => ({
        id,
        listed: id === current ? 'current' : listed.has(id) ? 'former' : 'missing',
        secrets,
      }));
    },
    async run(onProgress) {
      const waiting = (await everySecret()).filter(({ sealed }) => needsReseal(ring, sealed));
      for (const [place, { tenantId, purpose, sealed }] of waiting.entries()) {
        const binding = { tenantId, purpose };
        const secret = openSecret(ring, binding, sealed);
        try {
          await replace(pool, binding, sealed, sealSecret(ring, binding, secret));
        } finally {
          secret.fill(0);
        }
        onProgress(place + 1, waiting.length);
      }
      return waiting.length;
    },
  };
}

/** In place of exactly what was read: whoever seals the same one at the same time wins alone. */
async function replace(
  pool: Pool,
  { tenantId, purpose }: { readonly tenantId: string; readonly purpose: string },
  was: Uint8Array,
  becomes: Uint8Array,
): Promise<void> {
  await withTenant(pool, tenantId, 'breakglass_app', ({ db }) =>
    db.execute(sql`SELECT app.reseal(${purpose}, ${Buffer.from(was)}, ${Buffer.from(becomes)})`),
  );
}

/**
 * Every tenant has a workspace or was invited to install, and both directories are read before one is
 * known.
 */
async function tenantIds(pool: Pool): Promise<readonly string[]> {
  const { teamDirectory: teams } = t;
  return withoutTenant(pool, 'breakglass_app', async ({ db }) => {
    const rows = await db
      .select({ tenantId: teams.tenantId })
      .from(teams)
      .union(db.select({ tenantId: installDirectory.tenantId }).from(installDirectory));
    return rows.map((row) => row.tenantId).toSorted();
  });
}

function secretsOf(
  pool: Pool,
  tenantId: string,
): Promise<readonly Omit<SealedSecret, 'tenantId'>[]> {
  return withTenant(pool, tenantId, 'breakglass_app', ({ db }) =>
    db
      .select({ purpose: t.secret.purpose, sealed: t.secret.sealed })
      .from(t.secret)
      .orderBy(asc(t.secret.purpose)),
  );
}
