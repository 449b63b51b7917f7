import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';

/** Why a Web API call failed, as far as a caller can act on it. */
export type CallFailure =
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  /** Slack's own word for it, such as `channel_not_found`. */
  | { readonly kind: 'refused'; readonly error: string }
  /** Not reached, no answer in time, or an answer that is not Slack's. It may have taken effect. */
  | { readonly kind: 'unavailable' };

/** Errors by which Slack says that it is the one in trouble (docs.slack.dev, common errors). */
const SLACK_TROUBLE: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
]);

/** What Slack's error codes look like. An answer that is not JSON arrives as a code too, whole. */
const ERROR_CODE = /^[a-z][a-z0-9_.-]{1,80}$/;

/** Why the one Web API call failed that threw this. */
export function callFailureOf(error: unknown): CallFailure {
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'rate-limited', retryAfterMs: error.retryAfter * 1000 };
  }
  if (!(error instanceof WebAPIPlatformError)) return { kind: 'unavailable' };
  const { error: code } = error.data;
  if (code === 'ratelimited') return { kind: 'rate-limited', retryAfterMs: 1000 };
  const troubled = SLACK_TROUBLE.has(code) || !ERROR_CODE.test(code);
  return troubled ? { kind: 'unavailable' } : { kind: 'refused', error: code };
}
