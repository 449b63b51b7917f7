import type { FindingCode, StepName } from './words.ts';

/** `unproven`: nothing speaks against it, but what was at hand does not prove it. */
export type StepStatus = 'proved' | 'refused' | 'unproven';

export interface Step {
  readonly name: StepName;
  readonly status: StepStatus;
  readonly proves: string;
  readonly doesNotProve: string;
  readonly details: readonly string[];
}

/** One thing that is wrong; `index` is the entry's, `null` for the log as a whole. */
export interface Finding {
  readonly index: number | null;
  readonly code: FindingCode;
  readonly message: string;
}

/** An entry that binds or names an identity which an erased value keeps from being compared. */
export interface UnprovenIdentity {
  readonly index: number;
  readonly message: string;
}

export interface Counts {
  readonly entries: number;
  readonly policies: number;
  readonly bypasses: number;
  /** Approvals by how they are signed; `late` are provisional ones that were attested later. */
  readonly attested: number;
  readonly provisional: number;
  readonly late: number;
  /** Detached values that are no longer in the export. */
  readonly erased: number;
  /** All entries whose identities are unproven; the report lists the first of them. */
  readonly unprovenIdentities: number;
  /** All findings; the report lists the first of them. */
  readonly findings: number;
}

export interface Report {
  /** Nothing was refused. A step may still be unproven: see `tail` and `unprovenIdentities`. */
  readonly ok: boolean;
  /** `false` if the export ends in a line that cannot be read on. */
  readonly readable: boolean;
  /** Whether a checkpoint saved earlier shows that the log was not cut or rewritten. */
  readonly tail: 'proved' | 'unproven';
  readonly tenant: string | null;
  readonly log: string | null;
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
  readonly unprovenIdentities: readonly UnprovenIdentity[];
  readonly counts: Counts;
}
