import { MINUTE_MS, type Instant } from './instant.ts';

/**
 * How long an approval that awaits a sign-in may be completed: from its press to its commit, and to
 * the activation that follows it. What the approver was shown is that old at most.
 */
export const SIGN_IN_MAX_MS = 10 * MINUTE_MS;

/** How far the provider's clock and the database's may be apart. */
export const SIGN_IN_SKEW_MS = MINUTE_MS;

/**
 * Whether somebody signed in for this approval, and not earlier for something else: after the press,
 * and not long before the token was issued, which one clock tells.
 *
 * @param authenticatedAt `auth_time`; `null` where the provider does not say, which is not fresh.
 * @param issuedAt `iat`.
 * @param approvedAt the time of the approval's press.
 */
export function isFreshSignIn(
  authenticatedAt: Instant | null,
  issuedAt: Instant,
  approvedAt: Instant,
): boolean {
  return (
    authenticatedAt !== null &&
    authenticatedAt >= approvedAt - SIGN_IN_SKEW_MS &&
    issuedAt >= authenticatedAt - SIGN_IN_SKEW_MS &&
    issuedAt <= approvedAt + SIGN_IN_MAX_MS + SIGN_IN_SKEW_MS
  );
}
