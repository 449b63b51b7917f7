import type { GateAdapter } from '#application/ports/gate-adapter';
import type { BypassId, TenantId } from '#domain/ids';
import type { DeployFacts } from '#domain/scope';

/**
 * A gate that asks the decision API each time. It keeps nothing, so looking at it is asking what it
 * would be told: the same decision, by the same clock. Another bypass that covers the same is no
 * failure of this one's end.
 */
export function httpGate(
  opensBy: (tenant: TenantId, facts: DeployFacts) => Promise<BypassId | null>,
): GateAdapter {
  return {
    kind: 'http',
    capabilities: { asks: 'pull', ttl: 'per-request', watch: false, reverts: [], stalenessMs: 0 },
    enforces: async (tenant, facts, ended) => (await opensBy(tenant, facts)) !== ended,
  };
}
