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
  /** Runs of the same workflow and line replace each other. */
  readonly workflow: string;
  /** The ref that started it, with whose it is, certain or not; `null` for one kept before this was. */
  readonly line: string | null;
  /** The delivery by which it asked last; `null` for one kept before this was. */
  readonly delivery: string | null;
  /** Whether the gate system took the last approval: one that was lost on its way is sent again. */
  readonly answered: boolean;
  /** Whether a job of it may have begun here; `null` where nobody knows. */
  readonly began: boolean | null;
  /** Status reports that were sent, of the few that the gate system takes. */
  readonly reports: number;
  readonly lastReport: string | null;
  readonly askedAt: Instant;
}

export interface GateRuns {
  /**
   * Keeps a run that asks. One that is known waits again, as one of its other jobs does, unless it is
   * by this delivery that it did; what let it through before stays.
   */
  add(tenant: TenantId, run: Omit<GateRun, 'askedAt'>): Promise<void>;
  /** Runs of a gate that have not ended, the newest first. */
  open(tenant: TenantId, gate: string): Promise<readonly GateRun[]>;
  /** Every environment that this run asked for, of any gate and attempt, ended or not. */
  ofRun(tenant: TenantId, run: string): Promise<readonly GateRun[]>;
  /** Did any run ever ask for this environment? */
  knows(tenant: TenantId, gate: string, environment: string): Promise<boolean>;
  change(
    tenant: TenantId,
    key: GateRunKey,
    to: Partial<
      Pick<GateRun, 'state' | 'through' | 'answered' | 'began' | 'reports' | 'lastReport'>
    >,
  ): Promise<void>;
  /**
   * Notes that the run was asked to stop; `forMs` is how long ago that was first noted, on the
   * database's clock, 0 for now.
   */
  stopping(tenant: TenantId, gate: string, run: string, attempt: number): Promise<number>;
}
