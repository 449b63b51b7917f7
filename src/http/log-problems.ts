import { methodNotAllowed, problem, tooManyRequests, unauthorised } from './problem.ts';

const GET_A_TOKEN =
  'Send `Authorization: Bearer <token>` with a token that `breakglass token create --log` made.';

/** The refusals of `GET /v1/log/…`, in words. None says whether another tenant has something. */
export const logProblems = {
  method: () => methodNotAllowed('GET, HEAD'),
  noToken: () => unauthorised('No token was sent', GET_A_TOKEN, 'Bearer realm="breakglass"'),
  unknownToken: () =>
    unauthorised(
      'This token does not read the log',
      `It was never made here, was withdrawn, or is of a gate. ${GET_A_TOKEN}`,
      'Bearer realm="breakglass", error="invalid_token"',
    ),
  tooOften: (waitMs: number) => tooManyRequests('This token asks too often', waitMs),
  badQuestion: (write: string) =>
    problem({
      status: 400,
      title: 'The question cannot be read',
      detail: `Write ${write}, with whole numbers in decimal.`,
    }),
  outOfRange: () =>
    problem({
      status: 404,
      title: 'The log has no such entry or size',
      detail: 'Entries count from 0, and no size is beyond that of the newest checkpoint.',
    }),
  nothingThere: () =>
    problem({
      status: 404,
      title: 'Nothing is here',
      detail:
        'There are /checkpoint, /proof/inclusion, /proof/consistency and /entries/<n>.tlog-proof; the log may have no such entry, or no cosigned checkpoint yet.',
    }),
  unavailable: () =>
    problem({
      status: 503,
      title: 'The log could not be read',
      detail: 'Ask again; if it goes on, tell those who run this service.',
      headers: { 'retry-after': '1' },
    }),
};
