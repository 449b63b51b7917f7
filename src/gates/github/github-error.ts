export type GithubErrorCode =
  /** No answer, 5xx, or too many requests: it may pass by itself. */
  | 'unavailable'
  /** The App may not do this: it is not installed there, or lacks a permission. */
  | 'refused'
  | 'not-found'
  /** 409 and 422: what was asked for does not go with how things stand there. */
  | 'conflict'
  /** An answer that no version of the API gives. */
  | 'answer-wrong';

/** GitHub did not do what was asked. Holds neither a token nor what GitHub wrote. */
export class GithubError extends Error {
  override name = 'GithubError';
  readonly code: GithubErrorCode;
  /** HTTP status; `null` where none came. */
  readonly status: number | null;
  constructor(code: GithubErrorCode, status: number | null) {
    super(`GitHub did not do what was asked: ${code} (${status ?? 'no answer'})`);
    this.code = code;
    this.status = status;
  }
}

/** The same for what its client throws: status alone, because the rest repeats the request. */
export function githubError(error: unknown): GithubError {
  if (error instanceof GithubError) return error;
  const { status, response } = (error ?? {}) as { status?: unknown; response?: unknown };
  if (typeof status !== 'number' || response === undefined) {
    return new GithubError('unavailable', null);
  }
  return new GithubError(codeOf(status, response), status);
}

function codeOf(status: number, response: unknown): GithubErrorCode {
  if (status === 429 || status >= 500 || isLimited(response)) return 'unavailable';
  if (status === 401 || status === 403) return 'refused';
  if (status === 404 || status === 410) return 'not-found';
  return status === 409 || status === 422 ? 'conflict' : 'answer-wrong';
}

/** A rate limit answers 403 with one of these. */
function isLimited(response: unknown): boolean {
  const { headers } = response as { headers?: Readonly<Record<string, unknown>> };
  return headers?.['retry-after'] !== undefined || headers?.['x-ratelimit-remaining'] === '0';
}

export function hasCode(error: unknown, ...codes: readonly GithubErrorCode[]): boolean {
  return error instanceof GithubError && codes.includes(error.code);
}
