import type { DigestText } from '../ids.ts';

/**
 * A tenant's policy as the domain reads it. Groups stand by name alone: who is in one is a
 * look-up, made at the moment of the act. So a policy holds no personal data, can stand in the
 * clear in an export, and its digest identifies the version.
 */
export interface Policy {
  readonly services: Readonly<Record<string, Service>>;
  readonly gates: Readonly<Record<string, Gate>>;
  readonly groups: readonly string[];
  /** Groups whose members may ask for a bypass. Empty means nobody. */
  readonly requesters: readonly string[];
  /** Groups whose members may revoke any bypass and apply policies. Empty means nobody. */
  readonly admins: readonly string[];
  /** How many requests of one person may wait at once. */
  readonly waitingLimit: number;
  /** How many requests one person may make in 24 h; left out where that is not limited. */
  readonly dayLimit?: number;
  /** In order of strictness: the last is the strictest. Never empty. */
  readonly tiers: readonly Tier[];
  readonly rules: readonly Rule[];
  readonly defaultTier: string;
  readonly postMortem: PostMortemRule;
  /** By whose days `business days` are counted; left out where they are weekdays in UTC. */
  readonly calendar?: Calendar;
  /** Who may ask with an OIDC token; left out where there is nobody. */
  readonly callers?: readonly Caller[];
}

/**
 * A policy as it was applied: with the digests of what it was read from. So a change of who is in a
 * group, or of the review's template, is a new version although none of it stands here.
 */
export interface PolicyContent extends Policy {
  readonly document: DigestText;
  readonly template: DigestText | null;
}

export interface Service {
  /** A group; its first member takes the post-mortem where the policy says so. */
  readonly owner: string | null;
  readonly environments: readonly string[];
  readonly labels: readonly string[];
}

export interface Gate {
  readonly kind: string;
  readonly description: string;
  /** Every fact of a question must come from a verified claim, not from the request's body. */
  readonly verifiedFacts: boolean;
  /** Of a gate of kind `all`: the gates that a bypass of it opens together, sorted. */
  readonly gates?: readonly string[];
  /** What its kind needs to be reached; left out where there is nothing. */
  readonly settings?: Readonly<Record<string, string>>;
}

export type CallerKind = 'github' | 'gitlab' | 'kubernetes' | 'oidc';

/** A job that may ask for decisions with a token of its own issuer (OpenID Connect). */
export interface Caller {
  readonly name: string;
  /** `iss`, letter by letter. */
  readonly issuer: string;
  readonly kind: CallerKind;
  /** Claims that its tokens have, all of them, exactly. */
  readonly match: Readonly<Record<string, string>>;
  readonly gates: readonly string[];
  readonly services: readonly string[];
  /** `null` where the token itself must say it. */
  readonly environments: readonly string[] | null;
}

export interface Requirement {
  readonly from: string;
  readonly count: number;
}

export interface EscalationStep {
  readonly afterMs: number;
  readonly add: readonly string[];
}

export type Attestation = 'preferred' | 'required';
export type StepUp = 'none' | 'sso';
export type InFlight = 'hold' | 'cancel' | 'rollback';

export interface Tier {
  readonly name: string;
  readonly requirements: readonly Requirement[];
  readonly ttlOffersMs: readonly number[];
  readonly ttlMaxMs: number;
  /** Longest time from the first activation of a chain to the end of its last extension. */
  readonly chainMaxMs: number;
  readonly pendingMs: number;
  readonly escalation: readonly EscalationStep[];
  readonly attestation: Attestation;
  readonly stepUp: StepUp;
  readonly inFlight: InFlight;
  /** Tiers that no longer apply when this one does. */
  readonly replaces: readonly string[];
}

export interface RuleMatch {
  readonly gate: string | null;
  readonly service: string | null;
  readonly environment: string | null;
  readonly label: string | null;
  /** A branch name; `*` stands for any run of characters. */
  readonly branch: string | null;
  readonly severity: string | null;
}

export interface Rule {
  readonly when: RuleMatch;
  readonly tier: string;
}

export type DueTime = { readonly businessDays: number } | { readonly ms: number };

export interface Calendar {
  /** A name of the IANA time zone database. */
  readonly zone: string;
  /** Days of the week on which nobody works; Monday is 0. */
  readonly weekend: readonly number[];
  /** `2026-12-25`, or `12-25` for that day of every year; sorted. */
  readonly holidays: readonly string[];
}

export interface PostMortemRule {
  /** `requester`, `service.owner`, or the name of a group. */
  readonly assignee: string;
  readonly due: DueTime;
  /** Offsets from the due time, in ms; negative is before. */
  readonly remindMs: readonly number[];
  /** Who is told of one that is not done so long after it was due; left out where nobody is. */
  readonly escalation?: readonly EscalationStep[];
  /** What one that is not done costs its service; left out where nothing. */
  readonly overdue?: OverdueRule;
}

/** From `afterMs` after a review was due, until it is done. */
export interface OverdueRule {
  readonly afterMs: number;
  /** `raise`: a request needs the next stricter tier, too. `block`: none is taken. */
  readonly action: 'raise' | 'block';
}
