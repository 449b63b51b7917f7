import type { Instant } from '#domain/instant';
import type { Change } from '../policy/changes/change.ts';
import type { PolicyVersion } from './policy-version.ts';

/** The policy in force, for whoever wants to read it in words. */
export interface PolicyShown {
  readonly kind: 'policy';
  readonly version: PolicyVersion;
  /** Of the entry that put it in force. */
  readonly applied: { readonly index: number; readonly at: Instant };
  /** What it changed against the version before; `null` where there was none. */
  readonly changes: readonly Change[] | null;
}
