import { randomBytes } from 'node:crypto';
import type { ProviderFailureCode, SignedIn } from '#application/ports/identity-provider';
import { signInNonce } from '#ledger/sign-in-nonce';
import { relyingParty } from '#sigstore/sign-in/relying-party';
import type { EphemeralKeyPair } from '#sigstore/obtain-certificate';
import { listenForAnswer } from './loopback-answer.ts';
import { NotApproved } from './not-approved.ts';
import type { Places } from './places.ts';
import type { StatementToSign } from './statement-to-sign.ts';

export interface SignInHere {
  readonly statement: StatementToSign;
  readonly places: Pick<Places, 'issuer' | 'client'>;
  readonly key: EphemeralKeyPair;
  /** Shows the address to the person, and opens it if it can. */
  readonly show: (url: string) => void;
  /** Until the link expires. */
  readonly signal: AbortSignal;
}

/**
 * A fresh sign-in in the person's browser, bound to the statement and to a key that never leaves
 * this machine. @throws NotApproved
 */
export async function signInHere(options: SignInHere): Promise<SignedIn> {
  const { statement, places, key, show, signal } = options;
  const provider = relyingParty({
    issuer: places.issuer,
    clientId: places.client,
    clientSecret: null,
  });
  await using loopback = await listenForAnswer();
  const spki = key.publicKey.export({ format: 'der', type: 'spki' });
  const underWay = {
    state: randomBytes(32).toString('base64url'),
    codeVerifier: randomBytes(32).toString('base64url'),
    nonce: signInNonce(statement.digest, spki),
    redirectUri: loopback.redirectUri,
    begunAt: Date.now(),
  };
  const sent = await provider.authorizationUrl(underWay);
  if ('failed' in sent) throw failed(sent.failed, sent.said);
  const answered = loopback.answer(underWay.state, signal);
  show(sent.url);
  const signedIn = await provider.redeem(underWay, await answered, Date.now());
  if ('failed' in signedIn) throw failed(signedIn.failed, signedIn.said);
  return signedIn;
}

const WORDS: Partial<Record<ProviderFailureCode, string>> = {
  'provider-unavailable': 'The identity provider does not answer. Try again.',
  'provider-unusable': 'The identity provider cannot be used: tell those who set it up.',
  'sign-in-denied': 'You did not sign in, or the provider did not let you in.',
  'sign-in-not-fresh':
    'The provider did not ask you to sign in anew, or does not say when you did. Sign out there, and try again.',
  'email-missing': 'The provider names no e-mail of yours that a certificate can carry.',
  'email-not-verified':
    'The provider does not vouch for your e-mail. Verify it there, and try again.',
};

function failed(code: ProviderFailureCode, said?: string): NotApproved {
  const words = WORDS[code] ?? 'What came back from the identity provider does not fit. Try again.';
  return new NotApproved(
    'sign-in-failed',
    `${words} (${said === undefined ? code : `${code}: ${said}`})`,
  );
}
