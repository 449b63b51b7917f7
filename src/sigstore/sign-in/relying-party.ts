import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
} from 'openid-client';
import type {
  IdentityProvider,
  ProviderFailure,
  SignedIn,
  SignInUnderWay,
} from '#application/ports/identity-provider';
import {
  discoverProvider,
  type DiscoveredProvider,
  type ProviderClient,
} from './discover-provider.ts';
import { failureOf } from './failure-of.ts';
import { judgeAct, judgeIdToken, type ExpectedToken } from './judge-id-token.ts';
import { publishedKeys, type PublicJwk } from './published-keys.ts';
import { readKeys } from './read-keys.ts';
import { SignInFailed } from './sign-in-failed.ts';
import { verifyIdToken } from './verify-id-token.ts';

// Addresses of a provider move over weeks; its keys are read anew for every sign-in.
const KEEP_DISCOVERY_MS = 5 * 60_000;

/** We as a client of one provider. Nothing is asked before the first sign-in. */
export function relyingParty(client: ProviderClient): IdentityProvider {
  const { issuer, clientId } = client;
  const discovered = keptFor(KEEP_DISCOVERY_MS, () => discoverProvider(client));
  return {
    issuer,
    client: clientId,
    keys: () => valueOf(async () => ({ keys: await readKeys((await discovered()).jwksUri) })),
    authorizationUrl: (underWay) =>
      valueOf(async () => ({ url: await authorizationUrl(await discovered(), underWay) })),
    redeem: (underWay, query, now) =>
      valueOf(async () => {
        checkAnswer(query, underWay.state, issuer);
        const provider = await discovered();
        const idToken = await redeemCode(provider, underWay, query);
        const keys = await readKeys(provider.jwksUri);
        const expected = { issuer, clients: [clientId], now };
        const signedIn = await verified(provider, idToken, keys, expected);
        const fault = judgeAct(signedIn.signIn, { ...underWay, now });
        if (fault !== undefined) throw new SignInFailed(fault);
        return signedIn;
      }),
    verify: (idToken, clients, now, given) =>
      valueOf(async () => {
        const provider = await discovered();
        const keys =
          given === undefined ? await readKeys(provider.jwksUri) : publishedKeys({ keys: given });
        return verified(provider, idToken, keys, { issuer, clients, now });
      }),
  };
}

async function authorizationUrl(
  { configuration }: DiscoveredProvider,
  { redirectUri, state, nonce, codeVerifier }: SignInUnderWay,
): Promise<string> {
  return buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid email',
    response_type: 'code',
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    // Either alone is ignored by some provider; and `max_age` makes it say when somebody signed in.
    prompt: 'login',
    max_age: '0',
  }).href;
}

/** Is it the answer to this sign-in, and from this provider (RFC 9207)? */
function checkAnswer(query: URLSearchParams, state: string, issuer: string): void {
  const one = (name: string): string | undefined => {
    const all = query.getAll(name);
    if (all.length > 1) throw new SignInFailed('answer-refused', `${name} stands twice`);
    return all[0];
  };
  if (one('state') !== state) throw new SignInFailed('answer-refused', 'another state');
  if ((one('iss') ?? issuer) !== issuer) throw new SignInFailed('answer-refused', 'another issuer');
  if (one('code') === undefined && one('error') === undefined) {
    throw new SignInFailed('answer-refused', 'no code');
  }
}

async function redeemCode(
  { configuration }: DiscoveredProvider,
  { redirectUri, state, nonce, codeVerifier }: SignInUnderWay,
  query: URLSearchParams,
): Promise<string> {
  // The address that the provider was told, whatever a proxy before us makes of it.
  const answer = new URL(redirectUri);
  answer.search = query.toString();
  const tokens = await authorizationCodeGrant(configuration, answer, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: codeVerifier,
    idTokenExpected: true,
  });
  if (tokens.id_token !== undefined) return tokens.id_token;
  throw new SignInFailed('token-malformed', 'there is none');
}

async function verified(
  { algorithms }: DiscoveredProvider,
  idToken: string,
  keys: readonly PublicJwk[],
  expected: ExpectedToken,
): Promise<SignedIn> {
  const payload = await verifyIdToken(idToken, keys, algorithms);
  const signIn = judgeIdToken(payload, expected);
  if (typeof signIn === 'string') throw new SignInFailed(signIn);
  return { idToken, signIn, keys };
}

/** Failures of a provider as values; a mistake of ours is still thrown. */
async function valueOf<T>(work: () => Promise<T>): Promise<T | ProviderFailure> {
  try {
    return await work();
  } catch (error) {
    const { code, said } = failureOf(error);
    return { failed: code, ...(said === undefined ? {} : { said }) };
  }
}

/** Asks again after `keepMs`, and at once if the last answer was a failure. */
function keptFor<T>(keepMs: number, ask: () => Promise<T>): () => Promise<T> {
  let kept: { readonly value: T; readonly until: number } | undefined;
  return async () => {
    if (kept !== undefined && kept.until > performance.now()) return kept.value;
    const value = await ask();
    kept = { value, until: performance.now() + keepMs };
    return value;
  };
}
