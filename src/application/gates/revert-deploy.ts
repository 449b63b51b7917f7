import { bypassIn } from '#domain/bypass/chain';
import type { BypassId, TenantId } from '#domain/ids';
import { SECOND_MS } from '#domain/instant';
import { isRefusal } from '#domain/refusal';
import { commitSession } from '../commit/commit-session.ts';
import { NO_FACTS } from '../commit/facts.ts';
import { isPush, type AdapterOf } from '../ports/gate-adapter.ts';
import type { Ports } from '../ports/ports.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { gateOf } from './gate-of.ts';

type RevertPorts = Pick<Ports, 'store' | 'keys' | 'newSalt'>;

const AGAIN_AFTER_S = 5;
/** As long as the gate says that the deploy is not at its end, somebody knows of it. */
const KNOWN_MS = 90 * SECOND_MS;

/**
 * Puts a deploy, that was in flight when its bypass closed, back under its gate, where the gate's
 * adapter can; looks again until it is at its end, and records `done` or `too-late`. Where the adapter
 * cannot be asked for as long as the lease lives, the log gets `unknown` by the lease's deadline.
 *
 * @throws what the adapter throws: the job is tried again.
 */
export async function revertDeploy(
  ports: RevertPorts,
  adapterOf: AdapterOf,
  tenant: TenantId,
  id: BypassId,
  deploy: string,
): Promise<void> {
  const pending = await ports.store.read(tenant, (tx) => pendingAt(tx, id, deploy));
  if (pending === null) return;
  const adapter = adapterOf(pending.kind);
  // At a gate that is pushed to, whoever asked us all the same hears of the end by asking again.
  if (adapter?.revert === undefined || (isPush(adapter) && !pending.isObserved)) return;
  const result = await adapter.revert(tenant, pending.gate, deploy, pending.action);
  if (result === null) return;
  await ports.store.locked(tenant, async (tx) => {
    if (result === 'pending') {
      if ((await pendingAt(tx, id, deploy)) === null) return;
      await tx.renewLease(id, deploy, (await tx.now()) + KNOWN_MS);
      await tx.setPending(id, deploy, true);
      return tx.enqueueRevert(id, deploy, AGAIN_AFTER_S);
    }
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const command = { type: 'revert-deploy', bypass: id, deploy, result } as const;
    if (!isRefusal(await session.run(command, NO_FACTS))) await session.finish();
  });
}

async function pendingAt(tx: TenantReads, id: BypassId, deploy: string) {
  const bypass = bypassIn(await tx.chainOf(id), id);
  if (bypass?.phase !== 'closed') return null;
  const found = bypass.deploys.find(({ key }) => key === deploy);
  if (found?.state.status !== 'reverting' || found.state.result !== 'pending') return null;
  const { gate } = bypass.request;
  const kind = gateOf(await tx.currentPolicy(), gate)?.kind ?? 'http';
  return { gate, kind, action: bypass.grant.inFlight, isObserved: found.facts === 'observed' };
}
