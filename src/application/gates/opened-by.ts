import type { BypassId, TenantId } from '#domain/ids';
import type { DeployFacts, ScopeField } from '#domain/scope';
import { judgeFacts } from '../decision/judge-sight.ts';
import type { Ports } from '../ports/ports.ts';

/** Whoever has to prove the facts of a deploy can: a gate is open where it opens for such a one. */
const ALL: ReadonlySet<ScopeField> = new Set(['service', 'environment', 'branch', 'artifact']);

/** The bypass by which a deploy that proves these facts would be let through now; `null` for none. */
export async function openedBy(
  { store }: Pick<Ports, 'store'>,
  tenant: TenantId,
  facts: DeployFacts,
): Promise<BypassId | null> {
  const { decision } = await store.read(tenant, (tx) => judgeFacts(tx, facts, ALL));
  return decision.decision === 'bypass' ? decision.bypass : null;
}
