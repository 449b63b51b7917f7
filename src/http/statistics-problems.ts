import { DIMENSIONS } from '#application/statistics/summary';
import { methodNotAllowed, problem, tooManyRequests, unauthorised } from './problem.ts';

const GET_A_TOKEN =
  'Send `Authorization: Bearer <token>` with a token that `breakglass token create --statistics` made.';

/** Further back the log is read by an export. */
export const MOST_DAYS = 400;

/** The refusals of `GET /v1/statistics`, in words. None says whether another tenant has something. */
export const statisticsProblems = {
  method: () => methodNotAllowed('GET'),
  noToken: () => unauthorised('No token was sent', GET_A_TOKEN, 'Bearer realm="breakglass"'),
  unknownToken: () =>
    unauthorised(
      'This token does not read statistics',
      `It was never made here, was withdrawn, or is for something else. ${GET_A_TOKEN}`,
      'Bearer realm="breakglass", error="invalid_token"',
    ),
  tooOften: (waitMs: number) => tooManyRequests('This token asks too often', waitMs),
  badQuestion: () =>
    problem({
      status: 400,
      title: 'The question cannot be read',
      detail: `Write days=<1 to ${MOST_DAYS}> and by=<some of ${DIMENSIONS.join(',')}>, each once.`,
    }),
  nothingThere: () =>
    problem({ status: 404, title: 'Nothing is here', detail: 'Statistics are at /v1/statistics.' }),
  unavailable: () =>
    problem({
      status: 503,
      title: 'Statistics could not be read',
      detail: 'Ask again; if it goes on, tell those who run this service.',
      headers: { 'retry-after': '5' },
    }),
};
