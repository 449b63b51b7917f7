import { MEDIA_TYPES } from './gate-members.ts';
import { methodNotAllowed, problem } from './problem.ts';
import type { Mistake } from './question-mistakes.ts';

const ENFORCE = { decision: 'enforce' } as const;
const GET_A_TOKEN =
  'Send a token that `breakglass token create` made for this gate and service: `Authorization: Bearer <token>`, or Basic with the token as the password.';

/** The refusals of a gate's address, in words. Each means `enforce`. */
export const gateProblems = {
  noGate: () =>
    problem({
      status: 404,
      title: 'No gate is named',
      detail: 'Ask POST /v1/gates/{gate}, with the name of the gate as the policy has it.',
      members: ENFORCE,
    }),
  // A GET would annotate: crawlers, previews and probes send those.
  method: () => methodNotAllowed('POST', ENFORCE),
  mediaType: () =>
    problem({
      status: 415,
      title: 'The body cannot be read',
      detail: `Send it as ${MEDIA_TYPES.join(' or ')}, or name everything in the query.`,
      headers: { 'accept-post': MEDIA_TYPES.join(', ') },
      members: ENFORCE,
    }),
  noToken: () => unauthorised('No token was sent', GET_A_TOKEN),
  unknownToken: () =>
    unauthorised(
      'This token is not known',
      `It was never made here, has expired or was withdrawn. ${GET_A_TOKEN}`,
    ),
  tooOften: (waitMs: number) =>
    problem({
      status: 429,
      title: 'This token asks too often',
      detail: 'Wait for the seconds that Retry-After names, then ask again.',
      headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) },
      members: ENFORCE,
    }),
  tooLarge: (maxBytes: number) =>
    problem({
      status: 413,
      title: 'The question is too large',
      detail: `Send at most ${maxBytes} bytes.`,
      // The rest of the body is not read, so the connection cannot carry another question.
      headers: { connection: 'close' },
      members: ENFORCE,
    }),
  mistakes: (mistakes: readonly Mistake[]) =>
    problem({
      status: 400,
      title: 'The question has mistakes',
      detail: 'Mend what `mistakes` lists, then ask again.',
      members: { ...ENFORCE, mistakes },
    }),
  unavailable: () =>
    problem({
      status: 503,
      title: 'No decision could be made',
      detail: 'The gate enforces. Ask again; if it goes on, tell those who run this service.',
      headers: { 'retry-after': '1' },
      members: { ...ENFORCE, reason: 'unavailable' },
    }),
  stillCovered: (headers: Readonly<Record<string, string>>) =>
    problem({
      status: 409,
      title: 'Nothing is to be rolled back',
      detail: 'A bypass covers the deploy.',
      headers,
      members: { decision: 'bypass' },
    }),
  notUnderWay: () =>
    problem({
      status: 409,
      title: 'Nothing is to be rolled back',
      detail: 'The canary is not under way: it waits at its gate, or has ended.',
      members: ENFORCE,
    }),
};

function unauthorised(title: string, detail: string): Response {
  // Clients that send a password only when asked for one need to be asked (RFC 7617 §2).
  const headers = { 'www-authenticate': 'Bearer realm="breakglass", Basic realm="breakglass"' };
  return problem({ status: 401, title, detail, headers, members: ENFORCE });
}
