import type { BypassId, DigestText, TenantId } from '#domain/ids';
import type { InFlight } from '#domain/policy/policy';
import type { DeployFacts, Scope } from '#domain/scope';
import type { Instant } from '#domain/instant';

/** What a gate system can do; declared, so that one that could stay open when we die is refused. */
export interface GateCapabilities {
  /** It asks us, or holds an exception that we pushed. */
  readonly asks: 'pull' | 'push';
  readonly ttl: 'per-request' | 'evaluated-in-gate' | 'delete-only';
  /** We hear of deploys there that nobody asked us about. Without it nothing is pushed. */
  readonly watch: boolean;
  /** What it can do itself to a deploy in flight whose bypass has ended. */
  readonly reverts: readonly InFlight[];
  /** How long an ended bypass may still be seen there. */
  readonly stalenessMs: number;
}

export interface GateAdapter {
  readonly kind: string;
  readonly capabilities: GateCapabilities;
  /** Looks at the gate: does it enforce for these facts now? @throws when it cannot be looked at. */
  enforces(tenant: TenantId, facts: DeployFacts, ended: BypassId): Promise<boolean>;
  /**
   * Puts one deploy back under the gate, and is called again until it is not `pending`. `null`, or
   * absent, where the deploy itself is told: it asks again, and hears `enforce`. @throws when it
   * cannot be tried.
   *
   * @param isOfGate whether the gate system told of the deploy itself. Another has the name that its job
   *   gave it, which may be the name of somebody else's.
   */
  revert?(
    tenant: TenantId,
    gate: string,
    deploy: string,
    action: InFlight,
    isOfGate: boolean,
  ): Promise<Reverted | null>;
  /** A bypass of the gate opened or ended: what waits there is asked about anew. */
  settle?(tenant: TenantId, gate: string): Promise<void>;
}

export type Reverted = 'done' | 'pending' | 'too-late';

/** A bypass that should stand at a gate that does not ask. */
export interface WantedException {
  readonly bypass: BypassId;
  /** Digest of the statement of its activation. */
  readonly entry: DigestText;
  readonly scope: Scope;
  readonly expiresAt: Instant;
}

/** A gate that holds exceptions. What it let through is beyond it, or it says what it can revert. */
export interface PushAdapter extends GateAdapter {
  /**
   * Makes what is missing, removes what is unknown or has ended; gives what stands there now.
   * Level-triggered: the same again changes nothing. @throws when the gate cannot be brought there.
   */
  reconcile(
    tenant: TenantId,
    gate: string,
    wanted: readonly WantedException[],
  ): Promise<readonly BypassId[]>;
  /** Removes what stands for gates other than these. */
  forgetOthers(tenant: TenantId, gates: readonly string[]): Promise<unknown>;
}

export const isPush = (adapter: GateAdapter | undefined): adapter is PushAdapter =>
  adapter !== undefined && adapter.capabilities.asks === 'push' && 'reconcile' in adapter;

/** The adapter of a kind of gate; `undefined` where none is set up. */
export type AdapterOf = (kind: string) => GateAdapter | undefined;
