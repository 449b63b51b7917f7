import { bypassIn } from '#domain/bypass/chain';
import type { BypassId, TenantId } from '#domain/ids';
import { isRefusal } from '#domain/refusal';
import { commitSession } from '../commit/commit-session.ts';
import { NO_FACTS } from '../commit/facts.ts';
import type { GateAdapter } from '../ports/gate-adapter.ts';
import type { Ports } from '../ports/ports.ts';

/** After a close: looks whether the gate enforces again and records what it finds, or fails loudly. */
export async function readBack(
  ports: Ports,
  adapterOf: (kind: string) => GateAdapter | undefined,
  tenant: TenantId,
  id: BypassId,
): Promise<void> {
  const found = await ports.store.read(tenant, async (tx) => {
    const current = await tx.currentPolicy();
    return { bypass: bypassIn(await tx.chainOf(id), id), gates: current?.content.gates ?? {} };
  });
  const { bypass, gates } = found;
  if (bypass?.phase !== 'closed') return;
  const { gate, scope } = bypass.request;
  const kind = Object.hasOwn(gates, gate) ? gates[gate]?.kind : undefined;
  const adapter = adapterOf(kind ?? 'http');
  if (adapter === undefined) throw new RangeError(`no adapter looks at gates of kind ${kind}`);
  const enforces = await adapter.enforces(tenant, { gate, ...scope }, id);
  await ports.store.locked(tenant, async (tx) => {
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const events = await session.run({ type: 'read-back', bypass: id, enforces }, NO_FACTS);
    if (!isRefusal(events)) await session.finish();
  });
}
