import { bypassIn } from '#domain/bypass/chain';
import type { Command } from '#domain/bypass/command';
import type { TenantId } from '#domain/ids';
import { commitSession } from '../commit/commit-session.ts';
import { NO_FACTS } from '../commit/facts.ts';
import type { Ports } from '../ports/ports.ts';
import type { DeployLease, TenantWrites } from '../ports/tenant-store.ts';
import { mayEnd, type AskedBy } from './asked-by.ts';
import { deployKey, factsOf } from './asked-deploy.ts';
import type { DecisionQuestion } from './question.ts';

type End = Pick<Ports, 'store' | 'keys' | 'newSalt'>;

/** Records the end of a deploy, as whoever asked for it reports it; from others it is not taken. */
export async function endDeploy(
  ports: End,
  tenant: TenantId,
  question: DecisionQuestion,
  by: AskedBy,
): Promise<'finished' | 'begun-by-another'> {
  const { outcome = 'failed' } = question;
  const all = await leasesOf(ports, tenant, question);
  const own = all.filter(({ askedBy }) => mayEnd(by, askedBy));
  await eachLease(ports, tenant, own, async ({ bypass, deploy }) => ({
    type: 'finish-deploy',
    bypass,
    deploy,
    outcome,
  }));
  return all.length > 0 && own.length === 0 ? 'begun-by-another' : 'finished';
}

/**
 * A deploy that was to be stopped heard `enforce`. Where the policy only holds it, that is all there
 * is to do; where it is cancelled or rolled back, its own end tells whether that came in time.
 */
export async function endHeld(
  ports: End,
  tenant: TenantId,
  question: DecisionQuestion,
  by: AskedBy,
): Promise<void> {
  const all = await leasesOf(ports, tenant, question);
  const pending = all.filter((one) => one.pending && mayEnd(by, one.askedBy));
  await eachLease(ports, tenant, pending, async ({ bypass, deploy }, tx) => {
    const held = bypassIn(await tx.chainOf(bypass), bypass);
    if (held?.phase !== 'closed' || held.grant.inFlight !== 'hold') return null;
    return { type: 'revert-deploy', bypass, deploy, result: 'done' };
  });
}

function leasesOf(
  { store }: End,
  tenant: TenantId,
  question: DecisionQuestion,
): Promise<readonly DeployLease[]> {
  const key = deployKey(question);
  return store.read(tenant, (tx) => tx.bypassesOfDeploy(factsOf(question), key));
}

async function eachLease(
  ports: End,
  tenant: TenantId,
  leases: readonly DeployLease[],
  commandOf: (lease: DeployLease, tx: TenantWrites) => Promise<Command | null>,
): Promise<void> {
  if (leases.length === 0) return;
  await ports.store.locked(tenant, async (tx) => {
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    for (const lease of leases) {
      const command = await commandOf(lease, tx);
      if (command !== null) await session.run(command, NO_FACTS);
    }
    await session.finish();
  });
}
