import { WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';

/** Why a Web API call failed, as far as a caller can act on it. */
export type CallFailure =
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  /** Slack's own word for it, such as `channel_not_found`. */
  | { readonly kind: 'refused'; readonly error: string }
  /** Never sent. */
  | { readonly kind: 'unreached' }
  /** No answer in time, or one that is not Slack's word on it. It may have taken effect. */
  | { readonly kind: 'unanswered' };

/**
 * Errors by which Slack says that it is the one in trouble. Of `fatal_error` it says "some aspect of
 * the operation" may have succeeded (docs.slack.dev/reference/methods/chat.postMessage, errors).
 */
const SLACK_TROUBLE: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
]);

/** Without a connection nothing can have been sent. */
const NOT_CONNECTED: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What Slack's error codes look like. An answer that is not JSON arrives as a code too, whole. */
const ERROR_CODE = /^[a-z][a-z0-9_.-]{1,80}$/;

/** Why the one Web API call failed that threw this. */
export function callFailureOf(error: unknown): CallFailure {
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'rate-limited', retryAfterMs: error.retryAfter * 1000 };
  }
  if (error instanceof WebAPIRequestError) return { kind: connected(error.original) };
  if (!(error instanceof WebAPIPlatformError)) return { kind: 'unanswered' };
  const { error: code } = error.data;
  if (code === 'ratelimited') return { kind: 'rate-limited', retryAfterMs: 1000 };
  const troubled = SLACK_TROUBLE.has(code) || !ERROR_CODE.test(code);
  return troubled ? { kind: 'unanswered' } : { kind: 'refused', error: code };
}

function connected({ cause }: Error): 'unreached' | 'unanswered' {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return NOT_CONNECTED.has(code) ? 'unreached' : 'unanswered';
}
