import { MINUTE_MS } from '#domain/instant';
import { isFreshSignIn } from '#domain/sign-in';
import { signInNonce } from '../../sign-in-nonce.ts';
import type { RecordedOf } from '../../recorded-event.ts';
import type { VerifyJws } from '../checks.ts';
import type { Binding, Fault } from './bindings.ts';
import type { IdToken } from './id-token.ts';
import type { ProviderKey } from './provider-key.ts';
import type { SteppedUp } from './signed-in.ts';

/** How far the clocks of the provider and of the timestamp authority may be apart. */
const APART_MS = 10 * MINUTE_MS;
/** A certificate of Fulcio lives this long from the moment at which its token was taken. */
const CERTIFICATE_MS = 10 * MINUTE_MS;

/** The key among these that signed the token; `undefined` for none. */
export function signingKey(
  token: IdToken,
  keys: readonly ProviderKey[],
  verifyJws: VerifyJws,
): ProviderKey | undefined {
  const { alg, keyId, signingInput, signature } = token;
  return keys.find(
    (one) =>
      (keyId === null || one.keyId === null || one.keyId === keyId) &&
      (one.alg === null || one.alg === alg) &&
      verifyJws(one.jwk, alg, signingInput, signature),
  );
}

export interface Claimed {
  readonly token: IdToken;
  readonly signIn: RecordedOf<'sign-in.recorded'>;
  readonly approval: SteppedUp;
  readonly binding: Binding | undefined;
  readonly name: string;
}

/** What a token says, held against the entry, the approval, its certificate and the binding. */
export function checkClaims(claimed: Claimed): readonly Fault[] {
  return [...ofThisAct(claimed), ...ofThisPerson(claimed)];
}

function ofThisAct({ token, signIn, approval, name }: Claimed): readonly Fault[] {
  const { event, digest, certified } = approval;
  const fresh = isFreshSignIn(token.authenticatedAt, token.issuedAt, event.at);
  const nonce = certified === null ? token.nonce : signInNonce(digest, certified.publicKey);
  const times = certified?.signedAt ?? [];
  const inTime =
    token.issuedAt < token.expiresAt &&
    times.every(
      (at) => at >= token.issuedAt - APART_MS && at <= token.expiresAt + CERTIFICATE_MS + APART_MS,
    );
  const { issuer, client } = signIn;
  return [
    ...fault(token.issuer === issuer, 'id-token-issuer', { expected: issuer, found: token.issuer }),
    ...fault(token.client === client, 'id-token-client', { expected: client, found: token.client }),
    ...fault(token.nonce !== null && token.nonce === nonce, 'id-token-nonce', { person: name }),
    ...fault(fresh, 'id-token-not-fresh', {
      person: name,
      expected: event.at,
      found: token.authenticatedAt,
    }),
    ...fault(inTime, 'id-token-time', { expected: token.issuedAt, found: times[0] ?? null }),
  ];
}

function ofThisPerson({ token, approval, binding, name }: Claimed): readonly Fault[] {
  const { certified } = approval;
  const bound =
    binding === undefined ||
    ((binding.subject === null || binding.subject === token.subject) &&
      (binding.email === null || binding.email === token.email));
  const certifiedSame =
    certified === null ||
    (certified.issuer === token.issuer &&
      certified.subject === token.subject &&
      certified.email === token.email);
  return [
    ...fault(bound, 'id-token-other-account', {
      person: name,
      expected: binding?.email ?? binding?.subject ?? null,
      found: token.email ?? token.subject,
    }),
    ...fault(certifiedSame, 'id-token-other-certificate', {
      expected: certified?.email ?? null,
      found: token.email ?? token.subject,
    }),
  ];
}

const fault = (holds: boolean, code: Fault['code'], about: Fault['about']): readonly Fault[] =>
  holds ? [] : [{ code, about }];
