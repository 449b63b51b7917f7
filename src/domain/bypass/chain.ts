import type { BypassId, ChainId, DigestText, PersonId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { InFlight } from '../policy/policy.ts';
import type { ProvenanceResult } from '../provenance-result.ts';
import type { Scope } from '../scope.ts';
import type { CloseReason, DeployOutcome, Provenance, RevertResult, Signing } from './event.ts';

/**
 * The state the rules are judged on: a first bypass and its extensions, which share one cap and
 * one post-mortem. Plain JSON values only, so that a store can keep it as it is.
 */
export interface Chain {
  readonly id: ChainId;
  readonly drill: boolean;
  /** In the order they were asked for; the first has the chain's id. */
  readonly bypasses: readonly Bypass[];
  readonly postMortem: PostMortem | null;
}

export type Bypass = Waiting | Refused | Active | Closed;

export interface Request {
  readonly id: BypassId;
  readonly requester: PersonId;
  readonly gate: string;
  /** The gates that open, where they are several; fixed with the request. */
  readonly gates?: readonly string[];
  readonly scope: Scope;
  readonly severity: string | null;
  readonly ttlAskedMs: number;
  readonly policy: DigestText;
  readonly openedAt: Instant;
  readonly pendingUntilAt: Instant;
  readonly extends: BypassId | null;
  /** An overdue review of the service raised it by a tier; left out where none did. */
  readonly raised?: boolean;
  /** The last escalation step taken, in ms after opening; 0 before any. */
  readonly escalatedMs: number;
  readonly approvals: readonly Approval[];
}

export interface Approval {
  readonly approver: PersonId;
  readonly ttlMs: number;
  readonly approvedAt: Instant;
  readonly signing: Signing;
  readonly steppedUp: boolean;
}

export interface Grant {
  readonly ttlMs: number;
  readonly activatedAt: Instant;
  readonly expiresAt: Instant;
  readonly inFlight: InFlight;
}

export type DeployState =
  | { readonly status: 'in-flight' }
  | { readonly status: 'finished'; readonly outcome: DeployOutcome }
  | { readonly status: 'adopted'; readonly by: BypassId }
  | { readonly status: 'reverting'; readonly result: RevertResult };

export interface Deploy {
  /** As `deployKey` gives it. */
  readonly key: string;
  /** The gate that it passed, where its bypass opens several. */
  readonly member?: string;
  readonly service: string;
  readonly environment: string;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly artifact: { readonly name: string; readonly digest: string } | null;
  readonly facts: Provenance;
  /** As its last annotation names it, and what was found of it; `null` until it was looked at. */
  readonly provenance?: { readonly digest: string; readonly result: ProvenanceResult | null };
  readonly annotatedAt: Instant;
  readonly state: DeployState;
}

export interface Waiting {
  readonly phase: 'waiting';
  readonly request: Request;
}

export interface Refused {
  readonly phase: 'denied' | 'withdrawn' | 'lapsed';
  readonly request: Request;
  readonly endedAt: Instant;
  /** Who ended it; `null` when a deadline did. */
  readonly by: PersonId | null;
}

export interface Active {
  readonly phase: 'active';
  readonly request: Request;
  readonly grant: Grant;
  readonly deploys: readonly Deploy[];
}

export interface Closed {
  readonly phase: 'closed';
  readonly request: Request;
  readonly grant: Grant;
  readonly deploys: readonly Deploy[];
  readonly how: CloseReason;
  readonly endedAt: Instant;
  readonly by: PersonId | null;
  /** What the read-back after the close found; `null` until each gate was looked at. */
  readonly enforces: boolean | null;
  /** The same by gate, where they are several. */
  readonly readBacks?: Readonly<Record<string, boolean>>;
}

export interface PostMortem {
  readonly bypass: BypassId;
  readonly assignee: PersonId;
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly completedAt: Instant | null;
}

export function bypassIn(chain: Chain | null, id: BypassId): Bypass | undefined {
  return chain?.bypasses.find((one) => one.request.id === id);
}

/** Waiting or active: it may still open the gate or hold it open. */
export const isOpen = (one: Bypass): boolean => one.phase === 'waiting' || one.phase === 'active';

/** When the chain's gate first opened; the cap runs from here. `null` if it never did. */
export function firstActivatedAt(chain: Chain): Instant | null {
  const times = chain.bypasses.flatMap((one) =>
    one.phase === 'active' || one.phase === 'closed' ? [one.grant.activatedAt] : [],
  );
  return times.length === 0 ? null : Math.min(...times);
}
