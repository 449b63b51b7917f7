import type { Logger } from 'pino';
import { decisionQuestion, type DecisionQuestion } from '#application/decision/question';
import type { Decisions } from '#application/ports/decisions';
import { ASKING_LIMITS, type AskingLimits } from './asking-limits.ts';
import { bearerToken } from './bearer-token.ts';
import { decisionBody } from './decision-body.ts';
import { decisionProblems as problems } from './decision-problems.ts';
import { inTime, type Instead } from './in-time.ts';
import type { FetchHandler } from './problem.ts';
import { questionMistakes } from './question-mistakes.ts';
import { readBody } from './read-body.ts';
import { createTokenBuckets } from './token-bucket.ts';

/** Where the decision API is mounted. */
export const DECISIONS_PATH = '/v1/decisions';

export type DecisionLimits = AskingLimits;

export interface DecisionRoutes {
  readonly decisions: Decisions;
  readonly log: Pick<Logger, 'error' | 'warn'>;
  readonly limits?: Partial<DecisionLimits>;
  /** Shared with the other ways to ask, so that none is a way round the limit. */
  readonly buckets?: ReturnType<typeof createTokenBuckets>;
  /** A clock that never goes back, in ms; for the rate limit alone. */
  readonly monotonicMs?: () => number;
}

/**
 * `POST /v1/decisions`: bearer token (RFC 6750) and JSON in, a signed decision out. Only a 200
 * carries a decision; whatever else is answered, and whatever throws, means `enforce`, and says so
 * in its body (RFC 9457). No answer may be cached.
 */
export function decisionRoutes(options: DecisionRoutes): FetchHandler {
  const limits = { ...ASKING_LIMITS, ...options.limits };
  const { buckets = createTokenBuckets(limits, options.monotonicMs ?? (() => performance.now())) } =
    options;
  const instead = insteadOf(options.log, limits.deadlineMs);
  return async (request) => {
    if (request.method !== 'POST') return problems.method();
    if (!isJson(request.headers.get('content-type'))) return problems.mediaType();
    const token = bearerToken(request.headers.get('authorization'));
    if (token === null) return problems.noToken();
    const waitMs = buckets.take(token);
    if (waitMs > 0) return problems.tooOften(waitMs);
    return await inTime(limits.deadlineMs, instead, (signal) =>
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

const insteadOf = (log: DecisionRoutes['log'], deadlineMs: number): Instead => ({
  late: () => {
    log.warn({ deadlineMs }, 'a decision took too long and was answered with enforce');
    return problems.unavailable();
  },
  failed: (error) => {
    log.error({ err: error }, 'a decision failed: enforce');
    return problems.unavailable();
  },
});

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
