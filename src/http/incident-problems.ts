import { methodNotAllowed, notFound, problem, tooManyRequests } from './problem.ts';

/** The refusals of `POST /v1/incidents`, in words. None says whether there is such a tenant. */
export const incidentProblems = {
  nothingThere: () => notFound(),
  method: () => methodNotAllowed('POST'),
  notSigned: () =>
    problem({
      status: 401,
      title: 'This message is not signed as it must be',
      detail:
        'Write ?tenant=<name>, and sign by Standard Webhooks with the secret of `breakglass webhook receive-secret`, within five minutes; or give this service the secret of your PagerDuty webhook.',
    }),
  unreadable: () =>
    problem({
      status: 400,
      title: 'The message cannot be read',
      detail: 'Send JSON such as {"incident": "INC-4312", "status": "resolved"}.',
    }),
  tooLarge: (maxBytes: number) =>
    problem({
      status: 413,
      title: 'The message is too long',
      detail: `Send at most ${maxBytes} bytes.`,
    }),
  tooOften: (waitMs: number) => tooManyRequests('Messages come too often from there', waitMs),
  unavailable: () =>
    problem({
      status: 503,
      title: 'The message could not be taken',
      detail: 'Send it again; coming twice, it changes nothing more.',
      headers: { 'retry-after': '5' },
    }),
};
