/** A rule that an entry breaks. Closed: every code has its words in one place. */
export type ViolationCode =
  // Where the entry stands.
  | 'log-start-misplaced'
  | 'entry-repeated'
  | 'time-goes-back'
  | 'follows-unknown'
  | 'follows-missing'
  | 'policy-not-in-export'
  | 'policy-not-in-force'
  | 'policy-in-force-unknown'
  | 'bypass-unknown'
  | 'bypass-repeated'
  | 'entry-differs-from-request'
  | 'entry-out-of-place'
  | 'actor-wrong'
  // Requests.
  | 'gate-unknown'
  | 'gates-wrong'
  | 'requester-not-eligible'
  | 'tier-wrong'
  | 'pending-time-wrong'
  | 'ttl-not-offered'
  | 'too-many-waiting'
  | 'too-many-asked'
  | 'review-overdue'
  | 'raise-wrong'
  | 'extension-wrong'
  | 'escalation-wrong'
  | 'denier-not-eligible'
  | 'lapsed-early'
  | 'lapse-missing'
  // Approvals.
  | 'self-approval'
  | 'approver-repeated'
  | 'approver-not-eligible'
  | 'approved-other-request'
  | 'approval-out-of-time'
  | 'attestation-missing'
  | 'step-up-missing'
  | 'vouching-wrong'
  | 'late-attestation-wrong'
  // Activation and close.
  | 'activated-twice'
  | 'activated-late'
  | 'quorum-not-met'
  | 'activation-apart'
  | 'ttl-wrong'
  | 'expiry-wrong'
  | 'in-flight-wrong'
  | 'close-time-wrong'
  | 'closer-not-allowed'
  | 'close-missing'
  // Deploys.
  | 'deploy-in-drill'
  | 'deploy-outside-scope'
  | 'gate-not-opened'
  | 'deploy-outside-window'
  | 'facts-not-verified'
  | 'deploy-unknown'
  | 'deploy-end-wrong'
  | 'deploy-left-open'
  | 'revert-unanswered'
  | 'provenance-wrong'
  // Post-mortems.
  | 'post-mortem-missing'
  | 'post-mortem-unexpected'
  | 'post-mortem-wrong';

/** What a violation speaks of: raw values, which become words elsewhere. */
export interface Violation {
  readonly code: ViolationCode;
  /** The entry's place in the log, where it is not the one that is judged. */
  readonly index?: number;
  readonly bypass?: string;
  readonly person?: string;
  readonly expected?: string | number | null;
  readonly found?: string | number | null;
}

/**
 * What an entry breaks, in the order in which it was found. The rules add to one list: nearly every
 * entry breaks none, and nothing is made for it.
 */
export type Broken = Violation[];
