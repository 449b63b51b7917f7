import { importJWK, SignJWT } from 'jose';
import { signInNonce } from '#ledger/sign-in-nonce';
import { budgetSignal } from '#sigstore/attest';
import { ephemeralKey } from '#sigstore/obtain-certificate';
import { signedOn } from '#sigstore/sign-in/sign-in-signer';
import { expectedOf, type Approval, type SignedEntry } from './signed-entry.ts';
import type { InteropWorld } from './world.ts';

const SUBJECT = 'idp|4711';
const TOKEN_LIFE = '5m';

/**
 * Signs an entry on an ID token of the tenant's identity provider: the certificate names the
 * person as the provider does, and the token's nonce binds it to this statement and this key.
 */
export async function signedOnSignIn(
  world: InteropWorld,
  approval: Approval,
): Promise<SignedEntry> {
  const { statement, digest, email } = approval;
  const signal = budgetSignal({ budgetMs: 30_000 });
  const key = ephemeralKey();
  const spki = key.publicKey.export({ format: 'der', type: 'spki' });
  const { issuerUrl } = world.otherIssuer;
  const token = await new SignJWT({ email, email_verified: true, nonce: signInNonce(digest, spki) })
    .setProtectedHeader({ alg: 'ES256', kid: world.otherKey.kid })
    .setIssuer(issuerUrl)
    .setAudience('sigstore')
    .setSubject(SUBJECT)
    .setIssuedAt()
    .setExpirationTime(TOKEN_LIFE)
    .sign(await importJWK({ ...world.otherKey }, 'ES256'));
  const { services } = world;
  return {
    statement,
    bundle: await signedOn({ statement, key, idToken: token, services, signal }),
    expected: { ...expectedOf(world, approval), issuer: issuerUrl, tokenSubject: SUBJECT },
  };
}
