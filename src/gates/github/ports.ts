import type { GateChecks } from '#application/ports/gate-checks';
import type { GateDeliveries } from '#application/ports/gate-deliveries';
import type { GateRuns } from '#application/ports/gate-runs';
import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { NamedGate } from './github-gates.ts';

/** A deploy as GitHub's own API and signed deliveries have it: nothing that a job said. */
export interface GithubDeploy {
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  /** `null` where it is not certain that the commit is a branch's. */
  readonly branch: string | null;
  readonly commit: string;
  readonly deploy: {
    readonly id: string;
    readonly attempt: number;
    readonly url: string | null;
    readonly actor: string | null;
  };
}

export type GithubAnswer =
  | { readonly decision: 'bypass'; readonly entry: string; readonly expiresAt: Instant }
  | { readonly decision: 'enforce'; readonly reason: string };

/** The use cases that this gate calls. It decides nothing. */
export interface GithubDecisions {
  /**
   * May this deploy pass? `bypass` only once its annotation is committed, and with a lease. An
   * `enforce` must not count as told to a deploy that was let through before: it runs, and does not
   * hear of it. @throws when no answer can be had.
   */
  ask(tenant: TenantId, deploy: GithubDeploy): Promise<GithubAnswer>;
  /** It ended. Nothing happens for a deploy that no bypass knows. */
  finish(
    tenant: TenantId,
    deploy: GithubDeploy,
    outcome: 'succeeded' | 'failed' | 'cancelled',
  ): Promise<void>;
  /** A deploy began that we were not asked about: annotated if a bypass covers it, else reported. */
  outOfBand(tenant: TenantId, deploy: GithubDeploy): Promise<void>;
}

export interface GithubPorts {
  /** The gates of kind `github` in the policy in force. */
  gates(tenant: TenantId): Promise<readonly NamedGate[]>;
  readonly decisions: GithubDecisions;
  readonly runs: GateRuns;
  readonly checks: GateChecks;
  readonly deliveries: GateDeliveries;
}
