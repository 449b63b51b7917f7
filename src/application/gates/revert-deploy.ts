import { bypassIn } from '#domain/bypass/chain';
import type { BypassId, TenantId } from '#domain/ids';
import { SECOND_MS } from '#domain/instant';
import { namedDeploy } from '#domain/opened-gates';
import { isRefusal } from '#domain/refusal';
import { commitSession } from '../commit/commit-session.ts';
import { NO_FACTS } from '../commit/facts.ts';
import { GATE_ITSELF } from '../decision/asked-by.ts';
import { isPush, type AdapterOf } from '../ports/gate-adapter.ts';
import type { Ports } from '../ports/ports.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { kindOf } from './gate-of.ts';

type RevertPorts = Pick<Ports, 'store' | 'keys' | 'newSalt'>;

const AGAIN_AFTER_S = 5;
/** As long as the gate says that the deploy is not at its end, somebody knows of it. */
const KNOWN_MS = 90 * SECOND_MS;

/**
 * Puts a deploy, that was in flight when its bypass closed, back under its gate, where the gate's
 * adapter can; looks again until it is at its end, and records `done` or `too-late`. Where the adapter
 * cannot be asked for as long as the lease lives, the log gets `unknown` by the lease's deadline.
 *
 * @param deploy its key in the bypass.
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
  const { gate, deploy: name, action, begun: by } = pending;
  const result = await adapter.revert(tenant, gate, name, action, by === GATE_ITSELF);
  if (result === null) return;
  await ports.store.locked(tenant, async (tx) => {
    if (result === 'pending') {
      if ((await pendingAt(tx, id, deploy)) === null) return;
      // In the name of who began it: it may report its own end all the same.
      await tx.renewLeases([{ bypass: id, deploy, by }], (await tx.now()) + KNOWN_MS);
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
  const { member: gate = bypass.request.gate } = found;
  const { deploy: name } = namedDeploy(found);
  const { service, environment } = found;
  const facts = { gate, service, environment, branch: null, artifact: null };
  const leases = await tx.bypassesOfDeploy(facts, name);
  const kind = kindOf(await tx.currentPolicy(), gate);
  return {
    gate,
    kind,
    deploy: name,
    action: bypass.grant.inFlight,
    isObserved: found.facts === 'observed',
    // Of what the version before let through it is not known.
    begun: leases.find((one) => one.bypass === id)?.askedBy ?? GATE_ITSELF,
  };
}
