import { bypassIn } from '#domain/bypass/chain';
import type { BypassId, TenantId } from '#domain/ids';
import { isRefusal } from '#domain/refusal';
import { commitSession } from '../commit/commit-session.ts';
import { NO_FACTS } from '../commit/facts.ts';
import { isPush, type AdapterOf } from '../ports/gate-adapter.ts';
import type { Ports } from '../ports/ports.ts';
import { kindOf } from './gate-of.ts';
import { reconcileGate, type GatePorts } from './reconcile-gate.ts';

/** Within the gate's staleness it may still be open and nothing be wrong. */
const SOON_S = 5;
/** A gate that stands open is looked at until it does not. */
const OPEN_S = 60;

/**
 * After a close: looks whether the gate enforces again and records what it finds. One that does not is
 * an alarm, and is looked at again until it enforces.
 *
 * @param member which gate, where the bypass opened several: each is looked at by itself.
 * @throws when the gate cannot be looked at: the job is tried again.
 */
export async function readBack(
  ports: Ports & Pick<GatePorts, 'pushes'>,
  adapterOf: AdapterOf,
  tenant: TenantId,
  id: BypassId,
  member?: string,
): Promise<void> {
  const found = await ports.store.read(tenant, async (tx) => ({
    bypass: bypassIn(await tx.chainOf(id), id),
    policy: await tx.currentPolicy(),
  }));
  const { bypass, policy } = found;
  if (bypass?.phase !== 'closed') return;
  const { scope } = bypass.request;
  const gate = member ?? bypass.request.gate;
  const kind = kindOf(policy, gate);
  const adapter = adapterOf(kind);
  if (adapter === undefined) throw new RangeError(`no adapter looks at gates of kind ${kind}`);
  // What was pushed is taken away first, by whoever pushed it: the job that does so may come later
  // than this one, and a gate that has left the policy or its kind would be looked at past it.
  const isPushed = (await ports.pushes.of(tenant)).some((one) => one.gate === gate);
  if (isPushed || isPush(adapter)) await reconcileGate({ ...ports, adapterOf }, tenant, gate);
  const enforces = await adapter.enforces(tenant, { gate, ...scope }, id);
  const { stalenessMs } = adapter.capabilities;
  const isLooked = await ports.store.locked(tenant, async (tx) => {
    if (!enforces && (await tx.now()) < bypass.endedAt + stalenessMs) {
      await tx.enqueueReadBack(id, SOON_S, member);
      return false;
    }
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const events = await session.run(
      { type: 'read-back', bypass: id, ...(member === undefined ? {} : { gate }), enforces },
      NO_FACTS,
    );
    if (!isRefusal(events)) await session.finish();
    if (!enforces) await tx.enqueueReadBack(id, OPEN_S, member);
    return true;
  });
  if (!isLooked) return;
  const key = member === undefined ? `gate open/${id}` : `gate open/${id}/${member}`;
  if (enforces) await ports.alarms.clear(tenant, key);
  else await ports.alarms.raise(tenant, { key, code: 'gate-open', about: { gate, bypass: id } });
}
