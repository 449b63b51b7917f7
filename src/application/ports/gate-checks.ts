import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';

/** The check that a gate shows at the newest commit of a branch. */
export interface GateCheck {
  readonly gate: string;
  readonly branch: string;
  readonly commit: string;
  /** The gate system's own id of the check; `null` until one was made. */
  readonly check: string | null;
  /** `none` also while it is being written: nobody knows then. */
  readonly shows: 'none' | 'enforce' | 'bypass' | 'passed';
  /** The end of the bypass that it names; `null` where it names none. */
  readonly until: Instant | null;
}

export interface GateChecks {
  /** This commit is now the branch's newest; what was shown at an older one is forgotten. */
  newest(tenant: TenantId, gate: string, branch: string, commit: string): Promise<GateCheck>;
  of(tenant: TenantId, gate: string): Promise<readonly GateCheck[]>;
  /** `false` where another commit has become the branch's newest. */
  shown(tenant: TenantId, check: GateCheck): Promise<boolean>;
  /** Its branch is gone, or points elsewhere. Nothing happens where another commit has become its newest. */
  forget(tenant: TenantId, check: GateCheck): Promise<void>;
}
