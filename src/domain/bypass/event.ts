import type { Actor } from '../actor.ts';
import type { UtcOffsets } from '../due-time.ts';
import type { BypassId, ChainId, DigestText, PersonId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { InFlight } from '../policy/policy.ts';
import type { LookUp } from '../policy/look-up.ts';
import type { ProvenanceResult } from '../provenance-result.ts';
import type { Unknown } from '../policy/evaluation.ts';
import type { Scope } from '../scope.ts';
import type { Verdict } from './verdict.ts';
import type { Vouching } from './vouched.ts';

/**
 * What happened to a bypass. An event is an audit entry: every field stands in the signed
 * statement, except that the values under `detached` (what people typed, and addresses) stand
 * there as salted digests and can be erased without breaking the log.
 */
export type BypassEvent =
  | RequestOpened
  | RequestEscalated
  | ApprovalGiven
  | RequestDenied
  | RequestWithdrawn
  | RequestLapsed
  | BypassActivated
  | BypassClosed
  | DeployAnnotated
  | DeployFinished
  | DeployAdopted
  | DeployReverted
  | ProvenanceChecked
  | GateReadBack
  | PostMortemOpened
  | PostMortemCompleted;

interface EventBase<T extends string> {
  readonly type: T;
  /** When the act was done, on the database's clock. For a press: when the press was stored. */
  readonly at: Instant;
  readonly actor: Actor;
  readonly chain: ChainId;
  readonly bypass: BypassId;
  readonly drill: boolean;
  /** Gates and scope stand in every entry, so that each can be read on its own. */
  readonly gate: string;
  /** The gates that open together, sorted; left out where `gate` is the one. */
  readonly gates?: readonly string[];
  readonly scope: Scope;
  readonly detached?: Readonly<Record<string, string>>;
}

export interface RequestOpened extends EventBase<'request.opened'> {
  readonly requester: PersonId;
  readonly severity: string | null;
  readonly ttlAskedMs: number;
  readonly policy: DigestText;
  readonly tiers: readonly string[];
  readonly unknown: readonly Unknown[];
  readonly pendingUntilAt: Instant;
  readonly extends: BypassId | null;
  /** `true` where an overdue review of the service raised it by a tier; else left out. */
  readonly raised?: boolean;
  readonly lookUps: readonly LookUp[];
  /** `justification`, and `incident` where one is named. */
  readonly detached: { readonly justification: string; readonly incident?: string };
}

export interface RequestEscalated extends EventBase<'request.escalated'> {
  /** The step taken: every candidate whose `afterMs` is at most this now counts. */
  readonly afterMs: number;
  readonly added: readonly string[];
}

/** `attested`: signed through Sigstore in the approver's name; `provisional`: by the service's key. */
export type Signing = 'attested' | 'provisional';

export interface ApprovalGiven extends EventBase<'approval.given'>, Vouching {
  readonly approver: PersonId;
  /** Digest of the statement that opened the request: what exactly was approved. */
  readonly request: DigestText;
  readonly ttlMs: number;
  readonly policy: DigestText;
  readonly signing: Signing;
  /** Signed in anew at the identity provider for this act. */
  readonly steppedUp: boolean;
  readonly lookUps: readonly LookUp[];
}

export interface RequestDenied extends EventBase<'request.denied'>, Vouching {
  readonly by: PersonId;
  readonly lookUps: readonly LookUp[];
  readonly detached: { readonly reason: string };
}

export type RequestWithdrawn = EventBase<'request.withdrawn'>;
export type RequestLapsed = EventBase<'request.lapsed'>;

export interface BypassActivated extends EventBase<'bypass.activated'>, Vouching {
  readonly ttlMs: number;
  readonly expiresAt: Instant;
  readonly policy: DigestText;
  readonly inFlight: InFlight;
  /** Who stood for which requirement. */
  readonly assigned: readonly { readonly from: string; readonly person: PersonId }[];
  readonly lookUps: readonly LookUp[];
}

export type CloseReason = 'expired' | 'closed' | 'revoked';

export interface BypassClosed extends EventBase<'bypass.closed'> {
  readonly how: CloseReason;
  /** From this instant on no decision is `bypass`; for an expiry the promised one, however late the entry. */
  readonly endedAt: Instant;
  readonly lookUps: readonly LookUp[];
}

/** Which of the gates that its bypass opens an entry is about; left out where there is one alone. */
interface AtMember {
  readonly member?: string;
}

/** `observed`: the gate system told of it, and nobody asked. */
export type Provenance = 'claimed' | 'verified' | 'observed';

export interface CheckResult {
  readonly name: string;
  readonly result: string;
}

export interface DeployAnnotated extends EventBase<'deploy.annotated'>, AtMember {
  /** `<deploy id>#<attempt>`, unique in the bypass at one gate. */
  readonly deploy: string;
  readonly service: string;
  readonly environment: string;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly artifact: { readonly name: string; readonly digest: string } | null;
  readonly facts: Provenance;
  /** What the gate's own check said; left out where the gate did not tell. */
  readonly check?: CheckResult;
  /** The artifact's provenance, by digest; where it stands is detached, as `provenanceUri`. */
  readonly provenance?: { readonly digest: string };
  readonly decision: string;
  /** The bypass that closed and handed the deploy over, if one did. */
  readonly adoptedFrom: BypassId | null;
}

export type DeployOutcome = 'succeeded' | 'failed' | 'cancelled';

export interface DeployFinished extends EventBase<'deploy.finished'>, AtMember {
  readonly deploy: string;
  readonly outcome: DeployOutcome;
}

export interface DeployAdopted extends EventBase<'deploy.adopted'>, AtMember {
  readonly deploy: string;
  readonly by: BypassId;
}

export type RevertResult = 'pending' | 'done' | 'too-late' | 'unknown';

export interface DeployReverted extends EventBase<'deploy.reverted'>, AtMember {
  readonly deploy: string;
  readonly action: InFlight;
  readonly result: RevertResult;
}

/** What lies at the address of a deploy's provenance was compared with what the deploy said. */
export interface ProvenanceChecked extends EventBase<'provenance.checked'>, AtMember {
  readonly deploy: string;
  /** What it was compared with: as the deploy was annotated. */
  readonly provenance: { readonly digest: string };
  readonly artifact: string | null;
  readonly result: ProvenanceResult;
}

export interface GateReadBack extends EventBase<'gate.read-back'>, AtMember {
  readonly enforces: boolean;
}

export interface PostMortemOpened extends EventBase<'post-mortem.opened'> {
  readonly assignee: PersonId;
  readonly dueAt: Instant;
  /** Of the zone in which the days were counted; left out where they were not. */
  readonly utcOffsets?: UtcOffsets;
}

export interface PostMortemCompleted extends EventBase<'post-mortem.completed'> {
  readonly by: PersonId;
  /** Left out where nobody was asked for it. */
  readonly verdict?: Verdict;
  /** How many there are; left out where there are none. */
  readonly followUps?: number;
  /** `followUps`: one a line, where there are some. */
  readonly detached: { readonly outcome: string; readonly followUps?: string };
}
