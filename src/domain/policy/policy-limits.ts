import { DAY_MS } from '../instant.ts';

/**
 * The largest numbers and the longest lists of a policy. The document is held to them when it is
 * applied, and an export when it is read: so no policy that somebody made up keeps a verifier busy,
 * and none that was applied is refused. None of them may ever shrink.
 */
export const POLICY_LIMITS = {
  requirements: 20,
  /** How many people one requirement asks for. */
  requirementCount: 20,
  escalationSteps: 20,
  ttlOffers: 100,
  reminders: 100,
  tiers: 1_000,
  rules: 10_000,
  callers: 1_000,
  /** How many gates one bypass opens. */
  gatesAtOnce: 20,
  waiting: 100,
  /** Requests of one person in 24 h. */
  requestsADay: 1_000,
  /** Of an escalation policy at PagerDuty. */
  onCallLevels: 20,
  businessDays: 999,
  holidays: 200,
  /** Of every span of time; `999999d` is the longest that can be written. */
  spanMs: 999_999 * DAY_MS,
} as const;
