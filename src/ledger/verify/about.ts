/** The steps of a verification, in order. */
export type StepName =
  | 'export'
  | 'statements'
  | 'signatures'
  | 'attestations'
  | 'identities'
  | 'sign-ins'
  | 'workload'
  | 'inclusion'
  | 'checkpoint'
  | 'consistency'
  | 'witnesses'
  | 'replay';

/** What a finding speaks of. People are named here already. */
export interface About {
  readonly person?: string;
  readonly bypass?: string;
  readonly expected?: string | number | null;
  readonly found?: string | number | null;
}
