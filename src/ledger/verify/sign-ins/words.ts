import type { About, StepName } from '../about.ts';

interface Row {
  readonly step: StepName;
  readonly words: (about: About) => string;
}

const told = (value: About['found']): string => String(value ?? 'nothing');
const who = ({ person }: About): string => person ?? 'someone';
const when = (value: About['found']): string =>
  typeof value === 'number' && Math.abs(value) < 8.64e15 ? new Date(value).toISOString() : 'never';

const signIn = (words: Row['words']): Row => ({ step: 'sign-ins', words });
const identity = (words: Row['words']): Row => ({ step: 'identities', words });
const workload = (words: Row['words']): Row => ({ step: 'workload', words });

/** What can be wrong with bindings, sign-ins and the workload's word, and what that means. */
export const SIGN_IN_FINDINGS = {
  'person-bound-twice': identity(
    (a) => `${who(a)} was bound to a second provider account without being unbound from the first`,
  ),
  'bound-by-another': identity(
    (a) => `${who(a)} was bound to a provider account by somebody else than themselves`,
  ),
  'provider-account-on-two-people': identity(
    (a) => `The provider account of ${who(a)} is bound to ${told(a.expected)} already`,
  ),
  'provider-email-on-two-people': identity(
    (a) => `The e-mail of ${who(a)} is bound to ${told(a.expected)} already`,
  ),
  'bound-account-of-another': identity(
    (a) => `${who(a)} was bound from an account that is enrolled for ${a.expected ?? 'nobody'}`,
  ),
  'unbinding-wrong': identity(
    (a) => `${who(a)} was unbound from an account that was not the one bound`,
  ),
  'binding-missing': identity(
    (a) => `${who(a)} approved after a sign-in, and was bound to no provider account then`,
  ),
  'certificate-other-account': identity(
    (a) =>
      `The certificate of ${who(a)} is of another provider account (issuer ${told(a.found)}) than the one bound (issuer ${told(a.expected)})`,
  ),
  'provider-keys-wrong': signIn(
    (a) => `What is recorded as keys of ${told(a.found)} is not a sorted list of public keys`,
  ),
  'provider-keys-unknown': signIn(
    (a) => `The sign-in names keys of ${told(a.found)} that no earlier entry recorded`,
  ),
  'sign-in-missing': signIn(
    (a) =>
      `${who(a)} is said to have signed in to approve (entry ${told(a.expected)}); no sign-in stands right behind it`,
  ),
  'sign-in-unexpected': signIn(
    () => 'A sign-in stands here that belongs to no approval right ahead of it',
  ),
  'sign-in-of-another': signIn(
    (a) => `The approval is of ${who(a)}, its sign-in of ${told(a.found)}`,
  ),
  'sign-in-unconnected': signIn(
    (a) =>
      `The sign-in does not name ${told(a.expected)}, which it rests on (approval, keys, binding)`,
  ),
  'sign-in-at-broker': signIn(
    (a) =>
      `${told(a.found)} is told as an identity provider, and issues tokens in broker mode: the service itself can sign anybody in there`,
  ),
  'sign-in-mode': signIn(
    (a) =>
      `The client ${told(a.found)} is for own keys; the entry says that the service held the key`,
  ),
  'sign-in-client-not-pinned': signIn(
    (a) =>
      `The client ${told(a.found)} of ${told(a.expected)} asked for the sign-in, which is not among those pinned`,
  ),
  'id-token-malformed': signIn(() => 'The ID token is no signed JWT with the claims of a sign-in'),
  'id-token-algorithm': signIn(
    () => 'The ID token is not signed with a public key: none or a shared secret proves nothing',
  ),
  'id-token-signature': signIn(
    (a) => `No key recorded for ${told(a.found)} signed the ID token: it is not the provider’s`,
  ),
  'id-token-issuer': signIn(
    (a) => `The ID token is of ${told(a.found)}; the entry says ${told(a.expected)}`,
  ),
  'id-token-client': signIn(
    (a) =>
      `The ID token was asked for by client ${told(a.found)}; the entry says ${told(a.expected)}`,
  ),
  'id-token-nonce': signIn(
    (a) =>
      `The ID token of ${who(a)} is bound to another statement or key: they did not sign in for this`,
  ),
  'id-token-not-fresh': signIn(
    (a) =>
      `${who(a)} signed in at ${when(a.found)}, which is no fresh sign-in for an approval of ${when(a.expected)}`,
  ),
  'id-token-time': signIn(
    (a) =>
      `The approval was signed at ${when(a.found)}, outside the life of its ID token, issued at ${when(a.expected)}`,
  ),
  'id-token-other-account': signIn(
    (a) => `${told(a.found)} signed in for ${who(a)}, whose bound account is ${told(a.expected)}`,
  ),
  'id-token-other-certificate': signIn(
    (a) =>
      `The certificate (${told(a.expected)}) was not issued on this ID token (${told(a.found)})`,
  ),
  'workload-not-pinned': workload(
    (a) => `${told(a.found)} vouched for the log, which is not among the workloads pinned`,
  ),
  'workload-not-uri': workload(
    (a) => `${told(a.found)} vouched for the log: an e-mail, where a workload has a URI`,
  ),
  'workload-keys': workload(
    (a) => `The workload vouched for the key ${told(a.found)}; the log's is ${told(a.expected)}`,
  ),
  'workload-size': workload(
    (a) => `The workload vouched for ${told(a.found)} entries where there were ${told(a.expected)}`,
  ),
  'workload-root': workload(
    (a) => `The workload vouched for another root of the first ${told(a.found)} entries`,
  ),
  'workload-without-bundle': workload(
    () => 'The entry says that the workload signed it; only the service’s own key did',
  ),
} satisfies Record<string, Row>;
