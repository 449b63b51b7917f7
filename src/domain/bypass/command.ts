import type { BypassId, DigestText, PersonId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { LookUp } from '../policy/look-up.ts';
import type { ProvenanceResult } from '../provenance-result.ts';
import type { DeployFacts, Scope } from '../scope.ts';
import type { Completion } from './verdict.ts';
import type { Vouching } from './vouched.ts';
import type { CheckResult, DeployOutcome, Provenance, RevertResult, Signing } from './event.ts';

/** What somebody, or the service, wants to happen to one bypass. */
export type Command =
  | OpenRequest
  | Approve
  | {
      readonly type: 'deny';
      readonly bypass: BypassId;
      readonly by: PersonId;
      readonly reason: string;
    }
  | { readonly type: 'withdraw'; readonly bypass: BypassId; readonly by: PersonId }
  | { readonly type: 'lapse'; readonly bypass: BypassId }
  | { readonly type: 'escalate'; readonly bypass: BypassId }
  | { readonly type: 'expire'; readonly bypass: BypassId }
  | { readonly type: 'close'; readonly bypass: BypassId; readonly by: PersonId }
  | {
      readonly type: 'revoke';
      readonly bypass: BypassId;
      readonly by: PersonId;
      readonly reason: string;
    }
  | AnnotateDeploy
  | {
      readonly type: 'finish-deploy';
      readonly bypass: BypassId;
      /** Its key in the bypass. */
      readonly deploy: string;
      readonly outcome: DeployOutcome;
    }
  | {
      readonly type: 'revert-deploy';
      readonly bypass: BypassId;
      /** Its key in the bypass. */
      readonly deploy: string;
      readonly result: Exclude<RevertResult, 'pending'>;
    }
  | CheckProvenance
  | {
      readonly type: 'read-back';
      readonly bypass: BypassId;
      /** Which, where the bypass opened several. */
      readonly gate?: string;
      readonly enforces: boolean;
    }
  | CompletePostMortem;

export interface CompletePostMortem extends Completion {
  readonly type: 'complete-post-mortem';
  readonly bypass: BypassId;
  readonly by: PersonId;
  readonly outcome: string;
}

export interface OpenRequest {
  readonly type: 'open';
  readonly bypass: BypassId;
  readonly by: PersonId;
  readonly gate: string;
  readonly scope: Scope;
  readonly severity: string | null;
  readonly ttlMs: number;
  readonly justification: string;
  readonly incident: string | null;
  readonly drill: boolean;
  readonly extends: BypassId | null;
}

export interface Approve {
  readonly type: 'approve';
  readonly bypass: BypassId;
  readonly by: PersonId;
  /** The digest of the opening statement that the approver was shown. */
  readonly request: DigestText;
  readonly ttlMs: number;
  /** When the press was stored, on the database's clock. */
  readonly pressedAt: Instant;
  readonly signing: Signing;
  readonly steppedUp: boolean;
  /**
   * What the statement that was signed says already: the approver read it before signing in. Absent,
   * the approval states what was looked up now.
   */
  readonly stated?: Stated;
}

/** The look-ups that a statement names, made when its approver pressed. */
export interface Stated extends Vouching {
  readonly lookUps: readonly LookUp[];
}

export interface AnnotateDeploy {
  readonly type: 'annotate-deploy';
  readonly bypass: BypassId;
  /** What it is called; the gate stands in the facts. */
  readonly deploy: string;
  readonly facts: DeployFacts;
  readonly commit: string | null;
  readonly artifactName: string | null;
  readonly provenance: Provenance;
  /** Recorded with the first annotation; they decide nothing. */
  readonly check?: CheckResult;
  readonly attestation?: { readonly uri: string; readonly digest: string };
  readonly decision: string;
  readonly url: string | null;
  readonly deployedBy: string | null;
  readonly adoptedFrom: BypassId | null;
}

export interface CheckProvenance {
  readonly type: 'check-provenance';
  readonly bypass: BypassId;
  /** Its key in the bypass. */
  readonly deploy: string;
  /** What was compared, and when the deploy said so: what it said since is looked at by itself. */
  readonly provenance: string;
  readonly artifact: string | null;
  readonly annotatedAt: Instant;
  readonly result: ProvenanceResult;
}
