import type { TenantId } from '#domain/ids';
import { commitSession } from '../commit/commit-session.ts';
import type { Ports } from '../ports/ports.ts';
import type { NewTenant, TenantSetup } from '../ports/tenant-setup.ts';

/** Makes a tenant with its keys and a log that starts with its genesis entry; again, it changes nothing. */
export async function setUpTenant(
  ports: Pick<Ports, 'store' | 'keys' | 'newSalt'> & { readonly setup: TenantSetup },
  tenant: NewTenant,
): Promise<TenantId> {
  await ports.setup.ensureTenant(tenant);
  await startLog(ports, tenant.tenant);
  return tenant.tenant;
}

/** Gives a tenant that exists its keys and the first entry of its log, unless it has them. */
export async function startLog(
  ports: Pick<Ports, 'store' | 'keys' | 'newSalt'>,
  tenant: TenantId,
): Promise<void> {
  // Made before the head is locked: a commit only reads them.
  const { logKey, serviceKeyId: serviceKey } = await ports.keys.keysOf(tenant);
  await ports.store.locked(tenant, async (tx) => {
    if (tx.log.frontier.size > 0) return;
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const at = await tx.now();
    session.record({ type: 'log.started', at, actor: { kind: 'service' }, logKey, serviceKey });
    await session.finish();
  });
}
