import type { CloseReason, Signing } from '#domain/bypass/event';
import type { Deploy } from '#domain/bypass/chain';
import type { Verdict } from '#domain/bypass/verdict';
import type { BypassId, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Scope } from '#domain/scope';
import type { Account } from './account.ts';

/** A person as others see them. */
export interface PersonView {
  readonly person: PersonId;
  readonly account: Account;
  readonly name: string;
}

/** An entry's place in the log with the checkpoint that covers it. */
export interface Receipt {
  readonly index: number;
  readonly size: number;
  /** Base64 of the Merkle root. */
  readonly root: string;
}

/** Everything a message about a bypass can say, in any phase. Texts are as typed: hostile until rendered. */
export interface BypassCard {
  readonly bypass: BypassId;
  readonly drill: boolean;
  /** Signed by the embedded authority while talking to a real Slack: marked on every card. */
  readonly evaluation: boolean;
  readonly phase: 'waiting' | 'denied' | 'withdrawn' | 'lapsed' | 'active' | 'closed';
  readonly gate: string;
  /** The gates that open together; left out where `gate` is the one. */
  readonly gates?: readonly string[];
  readonly gateDescription: string;
  readonly scope: Scope;
  readonly severity: string | null;
  /** `true` where an overdue review of the service raised it by a tier. */
  readonly raised?: boolean;
  /** `null` once erased. */
  readonly justification: string | null;
  readonly incident: string | null;
  readonly requester: PersonView;
  readonly tiers: readonly string[];
  readonly requirements: readonly RequirementView[];
  readonly approvals: readonly ApprovalView[];
  readonly ttlAskedMs: number;
  /** What an approver may choose from. */
  readonly grantableMs: readonly number[];
  /** Approving demands a sign-in at the identity provider. */
  readonly stepUp: boolean;
  readonly openedAt: Instant;
  readonly pendingUntilAt: Instant;
  readonly escalated: boolean;
  readonly extends: BypassId | null;
  readonly grant: {
    readonly ttlMs: number;
    readonly activatedAt: Instant;
    readonly expiresAt: Instant;
  } | null;
  readonly end: EndView | null;
  /** How long another bypass, active at the end of this one, could keep the gate open for its scope. */
  readonly openBesideUntil: Instant | null;
  readonly deploys: readonly DeployView[];
  /** Of the newest entry about this bypass. */
  readonly receipt: Receipt;
  readonly postMortem: {
    readonly assignee: PersonView;
    readonly dueAt: Instant;
    readonly completedAt: Instant | null;
  } | null;
  /** Denials of the same gate and scope in the last 24 h, newest first. */
  readonly earlierDenials: readonly {
    readonly by: PersonView;
    readonly at: Instant;
    readonly reason: string | null;
  }[];
  /** Requests of the same gate and scope in the last 24 h that ended undecided. */
  readonly earlierUndecided: { readonly withdrawn: number; readonly lapsed: number };
  /** What people call it: the index in the log of the entry that asked for it. */
  readonly reference: number;
  /** Who looks at it now, while it waits and without those who approved. */
  readonly claims: readonly ClaimView[];
  /** How many questions were put into its thread. */
  readonly questions: number;
  /** While it waits: what else is active, drills and real bypasses apart; those that end first in front. */
  readonly otherActive: readonly ActiveView[];
  /** While it waits: requirements that so few can be asked for that it cannot be met now. */
  readonly nobodyFor: readonly string[];
  /** While it waits: when silence asks more people, and whom. */
  readonly nextStep: { readonly at: Instant; readonly groups: readonly string[] } | null;
}

export interface ClaimView {
  readonly by: PersonView;
  readonly at: Instant;
  readonly until: Instant;
}

/** Another bypass, in one line. */
export interface ActiveView {
  readonly reference: number;
  readonly gate: string;
  readonly scope: Scope;
  readonly untilAt: Instant;
}

export interface RequirementView {
  readonly from: string;
  readonly count: number;
  /** How many approvals stand for it so far. */
  readonly have: number;
  /** Who may still decide, as it was last looked up. */
  readonly asked: readonly PersonView[];
  /** Asked, and no longer in the group: their card has no buttons, and they count for nothing. */
  readonly gone: readonly PersonView[];
}

export interface ApprovalView {
  readonly by: PersonView;
  readonly ttlMs: number;
  readonly at: Instant;
  /** `late`: provisional at first, and attested since. */
  readonly signing: Signing | 'late';
  readonly receipt: Receipt;
}

export interface EndView {
  readonly how: 'denied' | 'withdrawn' | 'lapsed' | CloseReason;
  readonly by: PersonView | null;
  readonly at: Instant;
  readonly reason: string | null;
  /** What the read-back found; `null` until looked at. */
  readonly enforces: boolean | null;
  /** The same of each gate that was looked at, where several opened. */
  readonly readBacks?: Readonly<Record<string, boolean>>;
}

export interface DeployView extends Deploy {
  readonly url: string | null;
  readonly deployedBy: string | null;
  /** Where its provenance stands, as it was told; `null` where none was, or once erased. */
  readonly provenanceUri: string | null;
  readonly receipt: Receipt;
}

export interface CompletionView {
  readonly by: PersonView;
  /** `null` where nobody was asked. */
  readonly verdict: Verdict | null;
  /** As typed; `null` once erased. */
  readonly outcome: string | null;
  /** How many were named. */
  readonly followUpCount: number;
  /** As typed; `null` once erased. */
  readonly followUps: readonly string[] | null;
}

export interface PostMortemCard {
  readonly bypass: BypassId;
  readonly card: BypassCard;
  readonly assignee: PersonView;
  readonly dueAt: Instant;
  readonly completedAt: Instant | null;
  /** What came out of it; `null` until it is completed. */
  readonly completion: CompletionView | null;
  /** The tenant's template, rendered: markdown, at most 12,000 characters. */
  readonly markdown: string;
}
