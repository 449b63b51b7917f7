import type { Mistake } from './question-mistakes.ts';
import { methodNotAllowed, problem } from './problem.ts';

// Every answer but a signed 200 says what a client must do with it, for those that read no status.
const ENFORCE = { decision: 'enforce' } as const;
const GET_A_TOKEN =
  'Send `Authorization: Bearer <token>` with a token that `breakglass token create` made for this gate and service.';

/** The refusals of `POST /v1/decisions`, in words. Each means `enforce`. */
export const decisionProblems = {
  method: () => methodNotAllowed('POST', ENFORCE),
  mediaType: () =>
    problem({
      status: 415,
      title: 'The body is not JSON',
      detail: 'Send the question as JSON, with `Content-Type: application/json`.',
      headers: { 'accept-post': 'application/json' },
      members: ENFORCE,
    }),
  noToken: () => unauthorised('No token was sent', GET_A_TOKEN, 'Bearer realm="breakglass"'),
  unknownToken: () =>
    unauthorised(
      'This token is not known',
      `It was never made here, has expired or was withdrawn. ${GET_A_TOKEN}`,
      'Bearer realm="breakglass", error="invalid_token"',
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
      title: 'No decision could be made in time',
      detail: 'The gate enforces. Ask again; if it goes on, tell those who run this service.',
      headers: { 'retry-after': '1' },
      members: { ...ENFORCE, reason: 'unavailable' },
    }),
};

function unauthorised(title: string, detail: string, challenge: string): Response {
  const headers = { 'www-authenticate': challenge };
  return problem({ status: 401, title, detail, headers, members: ENFORCE });
}
