import { SERVICE } from '#domain/actor';
import type { TenantId } from '#domain/ids';
import { commitSession } from '../commit/commit-session.ts';
import type { Ports } from '../ports/ports.ts';
import type { KeyPurpose } from '../ports/key-versions.ts';
import type { TenantKeys } from '../ports/tenant-keys.ts';

/** What became of a rotation. `elsewhere`: the key was replaced by somebody else meanwhile. */
export interface KeyRotation {
  readonly outcome: 'rotated' | 'elsewhere';
  readonly from: string;
  readonly to: string;
  /** How many entries the log has with it. */
  readonly size: number;
}

/**
 * Replaces a tenant's log key or service key by a fresh one, in one commit of its own: the sealed
 * key, the entry that names it and the head that puts it in force stand together or not at all. Of
 * two that replace the same key at once, one does.
 */
export async function rotateKey(
  ports: Pick<Ports, 'store' | 'keys' | 'newSalt'>,
  tenant: TenantId,
  purpose: KeyPurpose,
): Promise<KeyRotation> {
  const from = nameOf(await ports.keys.keysOf(tenant), purpose);
  return ports.store.locked(tenant, async (tx) => {
    const { size } = tx.log.frontier;
    const inForce = nameOf(await ports.keys.keysIn(tenant, tx), purpose);
    if (inForce !== from) return { outcome: 'elsewhere', from, to: inForce, size };
    const successor = await ports.keys.successorIn(tenant, tx, purpose);
    const to = nameOf(successor, purpose);
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const at = await tx.now();
    session.rotate({ type: 'key.rotated', at, actor: SERVICE, purpose, from, to }, successor);
    await session.finish();
    return { outcome: 'rotated', from, to, size: size + 1 };
  });
}

function nameOf({ logKey, serviceKeyId }: TenantKeys, purpose: KeyPurpose): string {
  return purpose === 'log' ? logKey : serviceKeyId;
}
