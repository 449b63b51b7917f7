import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';

/** One attempt of a run that wants to deploy to one environment. */
export interface GateRunKey {
  readonly gate: string;
  readonly environment: string;
  /** The gate system's own id of the run. */
  readonly run: string;
  readonly attempt: number;
}

/** What is kept of a run that asked. */
export interface GateRun extends GateRunKey {
  /**
   * `waiting` for a bypass; `approved` from right before the approval is sent until the run ends;
   * `ended` when nothing is to be done for it any more.
   */
  readonly state: 'waiting' | 'approved' | 'ended';
  /** What let it through: a bypass, or the gate's own check; `null` while it waits. */
  readonly through: 'bypass' | 'check' | null;
  readonly branch: string | null;
  readonly commit: string;
  readonly url: string;
  readonly actor: string | null;
  /** Runs of the same workflow at the same branch replace each other. */
  readonly workflow: string;
  /** Status reports that were sent, of the few that the gate system takes. */
  readonly reports: number;
  readonly lastReport: string | null;
  readonly askedAt: Instant;
}

export interface GateRuns {
  /** Keeps a run that was not known; what is known already stays. */
  add(tenant: TenantId, run: Omit<GateRun, 'askedAt'>): Promise<void>;
  /** Runs of a gate that have not ended, the newest first. */
  open(tenant: TenantId, gate: string): Promise<readonly GateRun[]>;
  /** Every environment that this run asked for, of any gate and attempt, ended or not. */
  ofRun(tenant: TenantId, run: string): Promise<readonly GateRun[]>;
  change(
    tenant: TenantId,
    key: GateRunKey,
    to: Partial<Pick<GateRun, 'state' | 'through' | 'reports' | 'lastReport'>>,
  ): Promise<void>;
  /**
   * Notes that the run was asked to stop; `forMs` is how long ago that was first noted, on the
   * database's clock, 0 for now.
   */
  stopping(tenant: TenantId, gate: string, run: string, attempt: number): Promise<number>;
}
