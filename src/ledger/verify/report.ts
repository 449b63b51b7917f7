import type { Instant } from '#domain/instant';
import type { IdentityMode, Unattested } from './identity-modes.ts';
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

/** A sign-in of which something that would prove it is missing. */
export interface UnprovenSignIn {
  readonly index: number;
  /** `erased`: the ID token is no longer shown; `keys`: nobody trusted vouches for the provider's. */
  readonly why: 'erased' | 'keys';
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
  /** All sign-ins that are unproven, by what is missing. */
  readonly unprovenSignIns: { readonly erased: number; readonly keys: number };
  /** Provisional approvals that nobody attested to the end of the log. */
  readonly unattested: number;
  /** All findings; the report lists the first of them. */
  readonly findings: number;
}

/** What pinned witnesses vouch for. */
export interface Witnessed {
  /** How many witnesses were asked for; 0 where none was pinned. */
  readonly needed: number;
  /** The first so many entries are vouched for by that many witnesses. */
  readonly size: number;
  /** The newest that each of them cosigned here; those that cosigned nothing are left out. */
  readonly by: readonly {
    readonly name: string;
    readonly size: number;
    readonly cosignedAt: Instant;
  }[];
}

/** Of what a verification may leave something unproven although nothing was refused. */
export type UnprovenName =
  | 'identities'
  | 'sign-ins'
  | 'workload'
  | 'witnesses'
  | 'tail'
  | 'service-key'
  | 'trusted-root';

/** One thing that nothing speaks against and nothing proves. */
export interface UnprovenPart {
  readonly what: UnprovenName;
  /** As it stands behind "except", such as `identities of 2 entries`. */
  readonly title: string;
  /** Why it is not proved, in a sentence that stands by itself. */
  readonly why: string;
  /** The first 50 entries that it is about; none where it is about the log as a whole. */
  readonly entries: readonly number[];
  /** It is about more entries than those. */
  readonly isMore: boolean;
}

/** What a verification came to, in parts: every report tells these, each in its own form. */
export type Verdict =
  /** Verified, and nothing of it is unproven. */
  | { readonly outcome: 'whole' }
  /** Verified, except these. */
  | { readonly outcome: 'in-part'; readonly unproven: readonly UnprovenPart[] }
  | {
      readonly outcome: 'refused';
      readonly findings: number;
      /** The entry of the first finding, which is the nearest to what was done; `null`: the log. */
      readonly firstAt: number | null;
    }
  | {
      readonly outcome: 'unreadable';
      /** Counts from 1. */
      readonly line: number;
      readonly why: string;
      /** What to do about it, in one sentence. */
      readonly remedy: string;
    };

export interface Report {
  readonly verdict: Verdict;
  /** Nothing was refused. Something may still be unproven: see `verdict`. */
  readonly ok: boolean;
  /** Whether the pinned trusted root is of an embedded authority: see `Pinned.evaluation`. */
  readonly evaluation: boolean;
  /** `false` if the export ends in a line that cannot be read on. */
  readonly readable: boolean;
  /** Whether a checkpoint saved earlier shows that the log was not cut or rewritten. */
  readonly tail: 'proved' | 'unproven';
  readonly tenant: string | null;
  readonly log: string | null;
  readonly steps: readonly Step[];
  /** What pinned witnesses vouch for. */
  readonly witnessed: Witnessed;
  readonly findings: readonly Finding[];
  readonly unprovenIdentities: readonly UnprovenIdentity[];
  readonly unprovenSignIns: readonly UnprovenSignIn[];
  /** How many approvals were signed in which mode, and what that is worth. */
  readonly identityModes: readonly IdentityMode[];
  /** Approvals that stayed provisional to the end of the log; the first of them. */
  readonly unattested: readonly Unattested[];
  readonly counts: Counts;
}
