import { askingProblems, ENFORCE } from './asking-problems.ts';
import { MEDIA_TYPES } from './gate-members.ts';
import { problem } from './problem.ts';

// Clients that send a password only when asked for one need to be asked (RFC 7617 §2).
const CHALLENGE = 'Bearer realm="breakglass", Basic realm="breakglass"';

/** The refusals of a gate's address, in words. Each means `enforce`. */
export const gateProblems = {
  ...askingProblems({
    getAToken:
      'Send a token that `breakglass token create` made for this gate and service: `Authorization: Bearer <token>`, or Basic with the token as the password. An OIDC token of a caller that the policy names will do as well.',
    challenges: { missing: CHALLENGE, invalid: CHALLENGE },
  }),
  noGate: () =>
    problem({
      status: 404,
      title: 'No gate is named',
      detail: 'Ask POST /v1/gates/{gate}, with the name of the gate as the policy has it.',
      members: ENFORCE,
    }),
  mediaType: () =>
    problem({
      status: 415,
      title: 'The body cannot be read',
      detail: `Send it as ${MEDIA_TYPES.join(' or ')}, or name everything in the query.`,
      headers: { 'accept-post': MEDIA_TYPES.join(', ') },
      members: ENFORCE,
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
