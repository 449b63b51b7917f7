import { bypassIn } from '#domain/bypass/chain';
import type { BypassId, TenantId } from '#domain/ids';
import { isRefusal } from '#domain/refusal';
import { commitSession } from '../commit/commit-session.ts';
import { NO_FACTS } from '../commit/facts.ts';
import { isPush, type AdapterOf } from '../ports/gate-adapter.ts';
import type { Ports } from '../ports/ports.ts';
import { gateOf } from './gate-of.ts';
import { reconcileGate, type GatePorts } from './reconcile-gate.ts';

/** Within the gate's staleness it may still be open and nothing be wrong. */
const SOON_S = 5;
/** A gate that stands open is looked at until it does not. */
const OPEN_S = 60;

/**
 * After a close: looks whether the gate enforces again and records what it finds. One that does not is
 * an alarm, and is looked at again until it enforces.
 *
 * @throws when the gate cannot be looked at: the job is tried again.
 */
export async function readBack(
  ports: Ports & Pick<GatePorts, 'pushes'>,
  adapterOf: AdapterOf,
  tenant: TenantId,
  id: BypassId,
): Promise<void> {
  const found = await ports.store.read(tenant, async (tx) => ({
    bypass: bypassIn(await tx.chainOf(id), id),
    policy: await tx.currentPolicy(),
  }));
  const { bypass, policy } = found;
  if (bypass?.phase !== 'closed') return;
  const { gate, scope } = bypass.request;
  const kind = gateOf(policy, gate)?.kind ?? 'http';
  const adapter = adapterOf(kind);
  if (adapter === undefined) throw new RangeError(`no adapter looks at gates of kind ${kind}`);
  // What was pushed is taken away first: the job that does so may come later than this one.
  if (isPush(adapter)) await reconcileGate({ ...ports, adapterOf }, tenant, gate);
  const enforces = await adapter.enforces(tenant, { gate, ...scope }, id);
  const { stalenessMs } = adapter.capabilities;
  const isLooked = await ports.store.locked(tenant, async (tx) => {
    if (!enforces && (await tx.now()) < bypass.endedAt + stalenessMs) {
      await tx.enqueueReadBack(id, SOON_S);
      return false;
    }
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const events = await session.run({ type: 'read-back', bypass: id, enforces }, NO_FACTS);
    if (!isRefusal(events)) await session.finish();
    if (!enforces) await tx.enqueueReadBack(id, OPEN_S);
    return true;
  });
  if (!isLooked) return;
  const key = `gate open/${id}`;
  if (enforces) await ports.alarms.clear(tenant, key);
  else await ports.alarms.raise(tenant, { key, code: 'gate-open', about: { gate, bypass: id } });
}
