import type { Logger } from 'pino';
import { decisionQuestion, type DecisionQuestion } from '#application/decision/question';
import type { Decisions } from '#application/ports/decisions';
import { bearerToken } from './bearer-token.ts';
import { decisionBody } from './decision-body.ts';
import { decisionProblems as problems } from './decision-problems.ts';
import type { FetchHandler } from './problem.ts';
import { questionMistakes } from './question-mistakes.ts';
import { readBody } from './read-body.ts';
import { createTokenBuckets, type RateLimit } from './token-bucket.ts';

/** Where the decision API is mounted. */
export const DECISIONS_PATH = '/v1/decisions';

export interface DecisionLimits extends RateLimit {
  /** From the end of the header to the answer. Clients give up after 2 s. */
  readonly deadlineMs: number;
  readonly maxBodyBytes: number;
}

const DECISION_LIMITS: DecisionLimits = {
  perSecond: 20,
  burst: 60,
  deadlineMs: 1_500,
  maxBodyBytes: 64 * 1024,
};

export interface DecisionRoutes {
  readonly decisions: Decisions;
  readonly log: Pick<Logger, 'error' | 'warn'>;
  readonly limits?: Partial<DecisionLimits>;
  /** A clock that never goes back, in ms; for the rate limit alone. */
  readonly monotonicMs?: () => number;
}

/**
 * `POST /v1/decisions`: bearer token (RFC 6750) and JSON in, a signed decision out. Only a 200
 * carries a decision; whatever else is answered, and whatever throws, means `enforce`, and says so
 * in its body (RFC 9457). No answer may be cached.
 */
export function decisionRoutes(options: DecisionRoutes): FetchHandler {
  const limits = { ...DECISION_LIMITS, ...options.limits };
  const buckets = createTokenBuckets(limits, options.monotonicMs ?? (() => performance.now()));
  return async (request) => {
    if (request.method !== 'POST') return problems.method();
    if (!isJson(request.headers.get('content-type'))) return problems.mediaType();
    const token = bearerToken(request.headers.get('authorization'));
    if (token === null) return problems.noToken();
    const waitMs = buckets.take(token);
    if (waitMs > 0) return problems.tooOften(waitMs);
    return await inTime(limits.deadlineMs, options.log, (signal) =>
      decide(options.decisions, token, request, limits.maxBodyBytes, signal),
    );
  };
}

async function decide(
  decisions: Decisions,
  token: string,
  request: Request,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Response> {
  const body = await readBody(request, maxBytes, signal);
  if (typeof body !== 'string') return problems.tooLarge(maxBytes);
  // A question whose time ran out while it was read must not leave an annotation behind.
  signal.throwIfAborted();
  const question = parseQuestion(body);
  if ('mistakes' in question) return problems.mistakes(question.mistakes);
  const result = await decisions.answer(token, question);
  if ('notAuthenticated' in result) return problems.unknownToken();
  return Response.json(decisionBody(result.answer, result.jws), {
    headers: { 'cache-control': 'no-store' },
  });
}

/**
 * The answer of `work`, or 503 once time is up or it failed. Work that is late goes on: it may
 * still commit an annotation for a deploy that was told `enforce`, which opens nothing.
 */
async function inTime(
  deadlineMs: number,
  log: DecisionRoutes['log'],
  work: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const ended = new AbortController();
  const { promise: late, resolve } = Promise.withResolvers<Response>();
  const timer = setTimeout(() => {
    ended.abort();
    log.warn({ deadlineMs }, 'a decision took too long and was answered with enforce');
    resolve(problems.unavailable());
  }, deadlineMs);
  const answered = work(ended.signal).catch((error: unknown) => {
    if (!ended.signal.aborted) log.error({ err: error }, 'a decision failed: enforce');
    return problems.unavailable();
  });
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}

function parseQuestion(
  body: string,
): DecisionQuestion | { readonly mistakes: ReturnType<typeof questionMistakes> } {
  const json = parseJson(body);
  if (json === undefined) {
    const write = 'a JSON object, as docs/decisions.md shows';
    return { mistakes: [{ path: '', mistake: 'the body is not JSON', write }] };
  }
  const parsed = decisionQuestion.safeParse(json.value);
  return parsed.success ? parsed.data : { mistakes: questionMistakes(parsed.error.issues) };
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // The parser's words quote the body, which is the client's; ours say enough.
    return undefined;
  }
}

function isJson(contentType: string | null): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}
