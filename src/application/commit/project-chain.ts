import type { Chain } from '#domain/bypass/chain';
import { deadlinesOf, type Deadline } from '#domain/bypass/deadlines';
import type { BypassEvent } from '#domain/bypass/event';
import type { Policy } from '#domain/policy/policy';
import type { TenantReads, TenantWrites } from '../ports/tenant-store.ts';
import type { ChangedChain } from './open-chains.ts';

/** Writes the rows and deadlines of a chain as the events of this commit leave it. */
export async function projectChain(
  tx: TenantWrites,
  { chain, events, columns }: ChangedChain,
): Promise<void> {
  // A deploy that passes moves no deadline, and stands in no column.
  const isMoved = events.some(({ type }) => type !== 'deploy.annotated');
  await tx.saveChain(chain, isMoved ? [...columns.values()] : []);
  if (!isMoved) return;
  await tx.replaceDeadlines(chain, newDeadlines(chain, events, await policiesOf(tx, chain)));
}

/** Reminders are set once, when the review opens: setting them again would repeat those sent. */
function newDeadlines(
  chain: Chain,
  events: readonly BypassEvent[],
  policyOf: (digest: string) => Policy,
): readonly Deadline[] {
  const opens = events.some((event) => event.type === 'post-mortem.opened');
  return deadlinesOf(chain, policyOf).filter((one) => one.kind !== 'remind' || opens);
}

async function policiesOf(tx: TenantReads, chain: Chain): Promise<(digest: string) => Policy> {
  const found = new Map<string, Policy>();
  for (const { request } of chain.bypasses) {
    const version = await tx.policy(request.policy);
    if (version !== null) found.set(request.policy, version.content);
  }
  return (digest) => {
    const policy = found.get(digest);
    if (policy === undefined) throw new RangeError(`policy ${digest} is not stored`);
    return policy;
  };
}
