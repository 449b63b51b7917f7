import type { BypassId, TenantId } from '#domain/ids';
import type { DeployFacts } from '#domain/scope';

/** What a gate system can do; declared, so that one that could stay open when we die is refused. */
export interface GateCapabilities {
  /** It asks us, or holds an exception that we pushed. */
  readonly asks: 'pull' | 'push';
  readonly ttl: 'per-request' | 'evaluated-in-gate' | 'delete-only';
  /** How long an ended bypass may still be seen there. */
  readonly stalenessMs: number;
}

export interface GateAdapter {
  readonly kind: string;
  readonly capabilities: GateCapabilities;
  /** Looks at the gate: does it enforce for these facts now? @throws when it cannot be looked at. */
  enforces(tenant: TenantId, facts: DeployFacts, ended: BypassId): Promise<boolean>;
}
