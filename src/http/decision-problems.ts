import { askingProblems, ENFORCE } from './asking-problems.ts';
import { problem } from './problem.ts';

/** The refusals of `POST /v1/decisions`, in words. Each means `enforce`. */
export const decisionProblems = {
  ...askingProblems({
    getAToken:
      'Send `Authorization: Bearer <token>` with a token that `breakglass token create` made for this gate and service, or with an OIDC token of a caller that the policy names.',
    challenges: {
      missing: 'Bearer realm="breakglass"',
      invalid: 'Bearer realm="breakglass", error="invalid_token"',
    },
  }),
  mediaType: () =>
    problem({
      status: 415,
      title: 'The body is not JSON',
      detail: 'Send the question as JSON, with `Content-Type: application/json`.',
      headers: { 'accept-post': 'application/json' },
      members: ENFORCE,
    }),
};
