import { decisionQuestion, type DecisionQuestion } from '#application/decision/question';
import type { Decisions } from '#application/ports/decisions';
import { asking, type AskingOptions } from './asking.ts';
import { bearerToken } from './bearer-token.ts';
import { decisionBody, type DecisionBody } from './decision-body.ts';
import { decisionProblems as problems } from './decision-problems.ts';
import type { Sender } from './client-address.ts';
import type { TimeLeft } from './in-time.ts';
import { questionMistakes } from './question-mistakes.ts';
import type { BodyTooLarge } from './read-body.ts';

/** Where the decision API is mounted. */
export const DECISIONS_PATH = '/v1/decisions';

/** A request as far as it is looked at. */
export interface Arrived {
  readonly method: string;
  readonly headers: Pick<Headers, 'get'>;
  readonly sender: Sender | undefined;
  readBody(maxBytes: number, time: TimeLeft): Promise<string | BodyTooLarge>;
}

/** What a 200 says, or what is answered instead. */
export type Answered = DecisionBody | Response;

/**
 * `POST /v1/decisions`: bearer token (RFC 6750) and JSON in, a decision out, a `bypass` always signed. Only a 200
 * carries a decision; whatever else is answered, and whatever throws, means `enforce`, and says so
 * in its body (RFC 9457). No answer may be cached.
 */
export function decisionRoutes(options: AskingOptions): (request: Arrived) => Promise<Answered> {
  const ask = asking(options, problems);
  return async (request) => {
    if (request.method !== 'POST') return problems.method();
    if (!isJson(request.headers.get('content-type'))) return problems.mediaType();
    const token = bearerToken(request.headers.get('authorization'));
    if (token === null) return problems.noToken();
    const { headers, sender } = request;
    return ask({ token, headers, sender }, ({ decisions, time, maxBodyBytes }) =>
      decide(decisions, token, request, maxBodyBytes, time),
    );
  };
}

async function decide(
  decisions: Decisions,
  token: string,
  request: Arrived,
  maxBytes: number,
  time: TimeLeft,
): Promise<Answered> {
  const body = await request.readBody(maxBytes, time);
  if (typeof body !== 'string') return problems.tooLarge(maxBytes);
  // A question whose time ran out while it was read must not leave an annotation behind.
  time.throwIfAborted();
  const question = parseQuestion(body);
  if ('mistakes' in question) return problems.mistakes(question.mistakes);
  const result = await decisions.answer(token, question);
  if ('notAuthenticated' in result) return problems.unknownToken(result.fault);
  return decisionBody(result.answer, result.jws);
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
