import type { TenantId } from '#domain/ids';
import { isPush } from '../ports/gate-adapter.ts';
import { NOT_PUSHED, type GatePorts } from './reconcile-gate.ts';

/** Kinds of which a bypass does nothing at all unless it is pushed. */
const PUSHED: ReadonlySet<string> = new Set(['kyverno', 'opa']);

/** Keys of alarms begin so, and end with the gate. */
const WITHOUT_ADAPTER = 'gate without adapter/';

/**
 * Has every gate that is pushed to looked at, also those that have left the policy and may still hold
 * something; and raises an alarm for each that nothing can be pushed to, since no adapter is set up.
 */
export async function wantGates(ports: GatePorts, tenant: TenantId): Promise<void> {
  const gates = await gatesNow(ports, tenant);
  const pushed = gates.filter(({ kind }) => isPush(ports.adapterOf(kind))).map(({ name }) => name);
  const known = (await ports.pushes.of(tenant)).map(({ gate }) => gate);
  const wanted = new Set([...pushed, ...known]);
  await ports.pushes.want(tenant, [...wanted].toSorted());
  await clearOthers(ports, tenant, NOT_PUSHED, wanted);
  const missing = gates.filter(({ kind }) => PUSHED.has(kind) && !isPush(ports.adapterOf(kind)));
  for (const { name, kind } of missing)
    await ports.alarms.raise(tenant, {
      key: `${WITHOUT_ADAPTER}${name}`,
      code: 'gate-without-adapter',
      about: { gate: name, kind },
    });
  const names = new Set(missing.map(({ name }) => name));
  await clearOthers(ports, tenant, WITHOUT_ADAPTER, names);
}

/** Also of gates that the policy has no more, or of another kind: nobody else would clear those. */
async function clearOthers(
  { alarms }: Pick<GatePorts, 'alarms'>,
  tenant: TenantId,
  prefix: string,
  gates: ReadonlySet<string>,
): Promise<void> {
  for (const key of await alarms.standing(tenant, prefix))
    if (!gates.has(key.slice(prefix.length))) await alarms.clear(tenant, key);
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
