import { randomBytes } from 'node:crypto';
import type { Seals, TenantSeal } from '#application/ports/seals';
import type { TenantId } from '#domain/ids';
import { openSecret, sealSecret } from '../envelope.ts';
import { parseKeyRing } from '../key-ring.ts';
import type { SecretStore } from './secret-store.ts';

const KEY_BYTES = 32;

/**
 * A key of the tenant's own seals its values; that key is a secret as all others are. So whoever
 * seals the secrets anew under another BREAKGLASS_KEK leaves the values as they are.
 */
export function tenantSeals(secrets: SecretStore): Seals {
  const opened = new Map<TenantId, Promise<TenantSeal>>();
  return {
    of(tenant) {
      const known = opened.get(tenant);
      if (known !== undefined) return known;
      const seal = openSeal(secrets, tenant);
      opened.set(tenant, seal);
      // A failure is not kept: the database may answer next time.
      seal.catch(() => opened.delete(tenant));
      return seal;
    },
  };
}

async function openSeal(secrets: SecretStore, tenantId: TenantId): Promise<TenantSeal> {
  const key = await secrets.getOrMake(tenantId, 'seal-key', () => randomBytes(KEY_BYTES));
  const ring = parseKeyRing(Buffer.from(key).toString('hex'));
  return {
    seal: (purpose, plain) => sealSecret(ring, { tenantId, purpose }, plain),
    open: (purpose, sealed) => openSecret(ring, { tenantId, purpose }, sealed),
  };
}
