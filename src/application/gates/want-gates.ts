import type { TenantId } from '#domain/ids';
import { isPush } from '../ports/gate-adapter.ts';
import type { GatePorts } from './reconcile-gate.ts';

/** Kinds of which a bypass does nothing at all unless it is pushed. */
const PUSHED: ReadonlySet<string> = new Set(['kyverno', 'opa']);

/**
 * Has every gate that is pushed to looked at, also those that have left the policy and may still hold
 * something; and raises an alarm for each that nothing can be pushed to, since no adapter is set up.
 */
export async function wantGates(ports: GatePorts, tenant: TenantId): Promise<void> {
  const gates = await gatesNow(ports, tenant);
  const pushed = gates.filter(({ kind }) => isPush(ports.adapterOf(kind))).map(({ name }) => name);
  const known = (await ports.pushes.of(tenant)).map(({ gate }) => gate);
  await ports.pushes.want(tenant, [...new Set([...pushed, ...known])].toSorted());
  for (const { name, kind } of gates) {
    const key = `gate without adapter/${name}`;
    const isMissing = PUSHED.has(kind) && !isPush(ports.adapterOf(kind));
    if (!isMissing) await ports.alarms.clear(tenant, key);
    else
      await ports.alarms.raise(tenant, {
        key,
        code: 'gate-without-adapter',
        about: { gate: name, kind },
      });
  }
}

/** Removes what stands for gates that nobody knows of: another policy's, or a lost database's. */
export async function forgetUnknownGates(
  ports: GatePorts,
  tenant: TenantId,
  kinds: readonly string[],
): Promise<void> {
  const gates = await gatesNow(ports, tenant);
  for (const kind of kinds) {
    const adapter = ports.adapterOf(kind);
    const names = gates.filter((one) => one.kind === kind).map(({ name }) => name);
    if (isPush(adapter)) await adapter.forgetOthers(tenant, names);
  }
}

async function gatesNow(
  { store }: Pick<GatePorts, 'store'>,
  tenant: TenantId,
): Promise<readonly { readonly name: string; readonly kind: string }[]> {
  const version = await store.read(tenant, (tx) => tx.currentPolicy());
  const gates = Object.entries(version?.content.gates ?? {});
  return gates.map(([name, { kind }]) => ({ name, kind }));
}
