import type { TenantId } from '#domain/ids';

/** The check that a gate shows at the newest commit of a branch. */
export interface GateCheck {
  readonly gate: string;
  readonly branch: string;
  readonly commit: string;
  /** The gate system's own id of the check; `null` until one was made. */
  readonly check: string | null;
  readonly shows: 'none' | 'enforce' | 'bypass' | 'passed';
}

export interface GateChecks {
  /** This commit is now the branch's newest; what was shown at an older one is forgotten. */
  newest(tenant: TenantId, gate: string, branch: string, commit: string): Promise<GateCheck>;
  of(tenant: TenantId, gate: string): Promise<readonly GateCheck[]>;
  /** `false` where another commit has become the branch's newest. */
  shown(tenant: TenantId, check: GateCheck): Promise<boolean>;
}
