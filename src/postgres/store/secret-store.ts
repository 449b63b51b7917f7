import { eq } from 'drizzle-orm';
import type { Pool } from 'pg';
import { openSecret, sealSecret } from '../envelope.ts';
import type { KeyRing } from '../key-ring.ts';
import * as t from '../schema.ts';
import { withTenant } from '../transaction.ts';

/** The installation's own secrets stand under this id, which no tenant has. */
export const INSTALLATION = '00000000-0000-0000-0000-000000000000';

export interface SecretStore {
  /**
   * The secret of this purpose, made by `make` the first time. Two replicas that make one at once
   * agree on the first that was stored.
   *
   * @throws EnvelopeError when it was sealed under a key that the ring does not hold.
   */
  getOrMake(
    tenantId: string,
    purpose: string,
    make: () => Uint8Array | Promise<Uint8Array>,
  ): Promise<Uint8Array>;
  /** Seals for this tenant and purpose under the ring's first key; stores nothing. */
  seal(tenantId: string, purpose: string, secret: Uint8Array): Uint8Array;
  /** @throws EnvelopeError as `getOrMake`, and for a secret of another tenant or purpose. */
  open(tenantId: string, purpose: string, sealed: Uint8Array): Uint8Array;
}

export function secretStore(pool: Pool, ring: KeyRing): SecretStore {
  return {
    seal: (tenantId, purpose, secret) => sealSecret(ring, { tenantId, purpose }, secret),
    open: (tenantId, purpose, sealed) => openSecret(ring, { tenantId, purpose }, sealed),
    getOrMake: (tenantId, purpose, make) =>
      withTenant(pool, tenantId, 'breakglass_app', async ({ db }) => {
        const read = async () => {
          const [row] = await db.select().from(t.secret).where(eq(t.secret.purpose, purpose));
          return row?.sealed;
        };
        const binding = { tenantId, purpose };
        const stored = await read();
        if (stored !== undefined) return openSecret(ring, binding, stored);
        const sealed = sealSecret(ring, binding, await make());
        await db.insert(t.secret).values({ tenantId, purpose, sealed }).onConflictDoNothing();
        return openSecret(ring, binding, (await read()) ?? sealed);
      }),
  };
}
