import { callFailureOf } from './call-failure.ts';

/** Slack's words for a token that will never serve again (docs.slack.dev/reference/methods/auth.test). */
const DEAD: ReadonlySet<string> = new Set([
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
]);

export function isDeadToken(error: unknown): boolean {
  const failure = callFailureOf(error);
  return failure.kind === 'refused' && DEAD.has(failure.error);
}
