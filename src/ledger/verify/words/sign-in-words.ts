import { expected, found, rowsOf, when, who, type Row } from './terms.ts';

const signIn = rowsOf('sign-ins');
const identity = rowsOf('identities');
const workload = rowsOf('workload');

/** What can be wrong with bindings, sign-ins and the workload's word, and what that means. */
export const SIGN_IN_WORDS = {
  'person-bound-twice': identity(
    (a) => `${who(a)} was bound to a second provider account without being unbound from the first`,
  ),
  'bound-by-another': identity(
    (a) => `${who(a)} was bound to a provider account by somebody else than themselves`,
  ),
  'provider-account-on-two-people': identity(
    (a) => `The provider account of ${who(a)} is bound to ${expected(a)} already`,
  ),
  'provider-email-on-two-people': identity(
    (a) => `The e-mail of ${who(a)} is bound to ${expected(a)} already`,
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
      `The certificate of ${who(a)} is of another provider account (issuer ${found(a)}) than the one bound (issuer ${expected(a)})`,
  ),
  'provider-keys-wrong': signIn(
    (a) => `What is recorded as keys of ${found(a)} is not a sorted list of public keys`,
  ),
  'provider-keys-unknown': signIn(
    (a) => `The sign-in names keys of ${found(a)} that no earlier entry recorded`,
  ),
  'sign-in-missing': signIn(
    (a) =>
      `${who(a)} is said to have signed in to approve (entry ${expected(a)}); no sign-in stands right behind it`,
  ),
  'sign-in-unexpected': signIn(
    () => 'A sign-in stands here that belongs to no approval right ahead of it',
  ),
  'sign-in-of-another': signIn((a) => `The approval is of ${who(a)}, its sign-in of ${found(a)}`),
  'sign-in-unconnected': signIn(
    (a) => `The sign-in does not name ${expected(a)}, which it rests on (approval, keys, binding)`,
  ),
  'sign-in-at-broker': signIn(
    (a) =>
      `${found(a)} is told as an identity provider, and issues tokens in broker mode: the service itself can sign anybody in there`,
  ),
  'sign-in-mode': signIn(
    (a) => `The client ${found(a)} is for own keys; the entry says that the service held the key`,
  ),
  'sign-in-client-not-pinned': signIn(
    (a) =>
      `The client ${found(a)} of ${expected(a)} asked for the sign-in, which is not among those pinned`,
  ),
  'id-token-malformed': signIn(() => 'The ID token is no signed JWT with the claims of a sign-in'),
  'id-token-algorithm': signIn(
    () => 'The ID token is not signed with a public key: none or a shared secret proves nothing',
  ),
  'id-token-signature': signIn(
    (a) => `No key recorded for ${found(a)} signed the ID token: it is not the provider’s`,
  ),
  'id-token-issuer': signIn((a) => `The ID token is of ${found(a)}; the entry says ${expected(a)}`),
  'id-token-client': signIn(
    (a) => `The ID token was asked for by client ${found(a)}; the entry says ${expected(a)}`,
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
    (a) => `${found(a)} signed in for ${who(a)}, whose bound account is ${expected(a)}`,
  ),
  'id-token-other-certificate': signIn(
    (a) => `The certificate (${expected(a)}) was not issued on this ID token (${found(a)})`,
  ),
  'workload-not-pinned': workload(
    (a) => `${found(a)} vouched for the log, which is not among the workloads pinned`,
  ),
  'workload-not-uri': workload(
    (a) => `${found(a)} vouched for the log: an e-mail, where a workload has a URI`,
  ),
  'workload-keys': workload(
    (a) => `The workload vouched for the key ${found(a)}; the log's is ${expected(a)}`,
  ),
  'workload-size': workload(
    (a) => `The workload vouched for ${found(a)} entries where there were ${expected(a)}`,
  ),
  'workload-root': workload(
    (a) => `The workload vouched for another root of the first ${found(a)} entries`,
  ),
  'workload-without-bundle': workload(
    () => 'The entry says that the workload signed it; only the service’s own key did',
  ),
} satisfies Record<string, Row>;
