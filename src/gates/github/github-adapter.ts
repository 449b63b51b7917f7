import type { GateAdapter } from '#application/ports/gate-adapter';
import type { BypassId, TenantId } from '#domain/ids';
import type { DeployFacts } from '#domain/scope';
import type { GithubGates } from './github-gate.ts';

/**
 * The gates of kind `github` as the service works with them.
 *
 * @param opensBy the bypass by which these facts would be let through now.
 */
export function githubAdapter(
  gates: GithubGates,
  opensBy: (tenant: TenantId, facts: DeployFacts) => Promise<BypassId | null>,
): GateAdapter {
  return {
    kind: 'github',
    capabilities: {
      asks: 'pull',
      // An approval cannot be taken back, but each job that wants the environment asks anew.
      ttl: 'per-request',
      watch: true,
      reverts: ['hold', 'cancel'],
      stalenessMs: 0,
    },
    async enforces(tenant, facts, ended) {
      if ((await opensBy(tenant, facts)) === ended) return false;
      return gates.enforces(tenant, facts.gate, facts.environment);
    },
    // What asked by HTTP alone hears of the end by asking again.
    revert: async (tenant, gate, deploy, action, isOfGate) =>
      isOfGate && deploy.startsWith('github-') ? gates.revert(tenant, gate, deploy, action) : null,
    settle: (tenant, gate) => gates.bypassChanged(tenant, gate),
  };
}
