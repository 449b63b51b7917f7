import type { DecisionAnswer } from '#application/decision/answer';
import type { DecisionQuestion } from '#application/decision/question';
import type { Decisions } from '#application/ports/decisions';
import { asking, type AskingOptions } from './asking.ts';
import { endedAnswer, gateAnswer } from './gate-answer.ts';
import { MEDIA_TYPES, readMembers, type Asked, type Mistaken } from './gate-members.ts';
import { gateProblems as problems } from './gate-problems.ts';
import { gateQuestion } from './gate-question.ts';
import type { FetchHandler } from './problem.ts';
import { readBody } from './read-body.ts';
import { tokenSent } from './token-sent.ts';

/** Where gates are mounted that read a status and nothing else. */
export const GATES_PATH = '/v1/gates';

/**
 * `POST /v1/gates/{gate}`: 200 is bypass, 403 is enforce, and whatever else is answered means
 * `enforce` too. The question stands in the query or the body, the token in the Authorization
 * header. `POST /v1/gates/{gate}/ended` is the answer turned round, for Flagger's rollback hook.
 */
export function gateRoute(options: AskingOptions): FetchHandler {
  const ask = asking(options, problems);
  return async (request, sender) => {
    const target = targetOf(new URL(request.url));
    if (target === null) return problems.noGate();
    if (request.method !== 'POST') return problems.method();
    const { headers } = request;
    const token = tokenSent(headers.get('authorization'));
    if (token === null) return problems.noToken();
    return ask({ token, headers, sender }, async ({ decisions, time, maxBodyBytes }) => {
      const read = await readAsked(request, target, maxBodyBytes, time.signal);
      return read instanceof Response ? read : answer(decisions, token, target, read);
    });
  };
}

interface Target {
  readonly gate: string;
  readonly ended: boolean;
  readonly query: URLSearchParams;
}

function targetOf(url: URL): Target | null {
  const [encoded = '', last, ...rest] = url.pathname.slice(GATES_PATH.length + 1).split('/');
  if (encoded === '' || rest.length > 0 || (last !== undefined && last !== 'ended')) return null;
  try {
    const gate = decodeURIComponent(encoded);
    return { gate, ended: last === 'ended', query: url.searchParams };
  } catch {
    // Malformed percent-encoding names no gate.
    return null;
  }
}

/** What is asked; a Response for what cannot be read. */
async function readAsked(
  request: Request,
  { query }: Target,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Asked | Response> {
  const body = await readBody(request, maxBytes, signal);
  if (typeof body !== 'string') return problems.tooLarge(maxBytes);
  // A question whose time ran out while it was read must not leave an annotation behind.
  signal.throwIfAborted();
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (body !== '' && !MEDIA_TYPES.some((one) => one === type)) return problems.mediaType();
  const asked = readMembers(query, type, body);
  return 'mistakes' in asked ? problems.mistakes(asked.mistakes) : asked;
}

async function answer(
  decisions: Decisions,
  token: string,
  { gate, ended }: Target,
  asked: Asked,
): Promise<Response> {
  const question = ended ? endedQuestion(gate, asked) : gateQuestion(gate, asked);
  if ('mistakes' in question) return problems.mistakes(question.mistakes);
  if (ended && !underWay(asked)) return problems.notUnderWay();
  const result = await decisions.answer(token, question);
  if ('notAuthenticated' in result) return problems.unknownToken(result.fault);
  const render: (answer: DecisionAnswer) => Response = ended ? endedAnswer : gateAnswer;
  return render(result.answer);
}

/** A 200 that is no bypass is for Flagger's rollback hook alone: no other tool may read it. */
function endedQuestion(gate: string, asked: Asked): DecisionQuestion | Mistaken {
  if (asked.canaryPhase === null)
    return mistake('', 'this address is for a rollback hook of Flagger', 'a Flagger webhook');
  const question = gateQuestion(gate, {
    ...asked,
    members: new Map([['phase', 'recheck'], ...asked.members]),
  });
  if ('mistakes' in question || question.phase === 'recheck') return question;
  return mistake('phase', 'this address only rechecks', 'nothing: leave it out');
}

/**
 * Has the canary passed its gate? Flagger asks its rollback hooks while a canary waits there, too.
 * It sends its confirm-rollout hooks in none of these two phases, so that one with this address by
 * mistake opens nothing.
 */
const underWay = ({ canaryPhase }: Asked): boolean =>
  canaryPhase === 'Progressing' || canaryPhase === 'WaitingPromotion';

const mistake = (path: string, what: string, write: string): Mistaken => ({
  mistakes: [{ path, mistake: what, write }],
});
