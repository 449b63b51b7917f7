import type { PolicyQuestion } from '#domain/policy/evaluate-policy';

/** What two versions of a policy can differ in. */
export type ChangeKind =
  /** Of a kind of request: what it needs. */
  | 'approvals'
  | 'escalation'
  | 'ttl'
  | 'chain'
  | 'pending'
  | 'attestation'
  | 'step-up'
  | 'in-flight'
  | 'tiers'
  /** More kinds of request than are compared. */
  | 'not-compared'
  /** Who. */
  | 'group'
  | 'requesters'
  | 'admins'
  | 'person'
  /** What can be bypassed, and who asks there. */
  | 'gate'
  | 'gate-settings'
  | 'verified-facts'
  | 'service'
  | 'caller'
  /** What keeps a habit from forming, and who hears of it. */
  | 'waiting-limit'
  | 'day-limit'
  | 'overdue-reviews'
  | 'post-mortem'
  | 'calendar'
  | 'security-channel';

export interface Change {
  readonly kind: ChangeKind;
  /**
   * A loosening: less is asked for, more people or more can pass, or nobody can tell. Somebody should
   * hear of it who did not write it.
   */
  readonly looser: boolean;
  /** The group, gate, service, person or caller; empty where the kind says all. */
  readonly about: string;
  /** As a policy writes it; `null` where there was, or is, nothing. */
  readonly before: string | null;
  readonly after: string | null;
  /** Which kinds of request it concerns; left out where it is not about any in particular. */
  readonly requests?: RequestsConcerned;
}

/** Kinds of request that a change concerns. */
export interface RequestsConcerned {
  readonly count: number;
  /** Every kind that either version has a rule, gate and service for. */
  readonly isAll: boolean;
  readonly gates: readonly string[];
  readonly services: readonly string[];
  readonly environments: readonly string[];
  /** Whether every combination of these is among them, whatever branch and severity. */
  readonly isWhole: boolean;
  /** Also what the policy does not know, which gets the strictest tier. */
  readonly withUnknown: boolean;
  readonly example: PolicyQuestion;
}
