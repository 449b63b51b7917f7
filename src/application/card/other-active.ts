import type { Bypass, Chain } from '#domain/bypass/chain';
import type { ActiveView } from '../ports/card.ts';
import type { TenantReads } from '../ports/tenant-store.ts';

/** What else is active while a request waits. A bypass that it extends is no other. */
export async function otherActive(
  tx: Pick<TenantReads, 'lines'>,
  chain: Chain,
  bypass: Bypass,
): Promise<readonly ActiveView[]> {
  if (bypass.phase !== 'waiting') return [];
  const own = new Set(chain.bypasses.map(({ request }) => request.id));
  const active = await tx.lines('active');
  return active
    .filter((one) => one.drill === chain.drill && !own.has(one.bypass))
    .map(({ reference, gate, scope, untilAt }) => ({ reference, gate, scope, untilAt }));
}
