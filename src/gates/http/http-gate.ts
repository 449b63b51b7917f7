import type { GateAdapter } from '#application/ports/gate-adapter';
import type { TenantId } from '#domain/ids';
import type { DeployFacts } from '#domain/scope';

/**
 * A gate that asks the decision API each time. It keeps nothing, so looking at it is asking what it
 * would be told: the same decision, by the same clock.
 */
export function httpGate(
  wouldEnforce: (tenant: TenantId, facts: DeployFacts) => Promise<boolean>,
): GateAdapter {
  return {
    kind: 'http',
    capabilities: { asks: 'pull', ttl: 'per-request', stalenessMs: 0 },
    enforces: (tenant, facts) => wouldEnforce(tenant, facts),
  };
}
