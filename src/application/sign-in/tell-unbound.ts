import type { TenantId } from '#domain/ids';
import type { AlarmStore } from '../ports/alarm.ts';
import type { TenantStore } from '../ports/tenant-store.ts';

/**
 * Tells the security channel of bindings that were taken away, and when the person has bound an
 * account again. Looked for by the service, because who takes one away does it beside the service.
 * A process that is killed in between raises the same alarm again, which says nothing twice.
 */
export async function tellUnbound(
  ports: { readonly store: TenantStore; readonly alarms: AlarmStore },
  tenant: TenantId,
): Promise<void> {
  for (const { bound, person, tell } of await ports.store.read(tenant, (tx) =>
    tx.unboundToTell(),
  )) {
    const [known] = await ports.store.read(tenant, (tx) => tx.people([person]));
    const key = `unbound/${bound}`;
    const about = { person: known?.name ?? person, binding: bound };
    if (tell === 'unbound')
      await ports.alarms.raise(tenant, { key, code: 'account-unbound', about });
    else await ports.alarms.clear(tenant, key);
    await ports.store.locked(tenant, (tx) => tx.toldUnbound(bound, tell));
  }
}
