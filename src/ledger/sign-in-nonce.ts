import { digestBytes, sha256, type Digest } from './digest.ts';

const DOMAIN = Buffer.from('breakglass/sign-in/v1\0', 'utf8');

/**
 * The nonce (OpenID Connect Core §3.1.2.1) that binds a sign-in to what is signed on it: base64url
 * without padding of SHA-256 over `breakglass/sign-in/v1`, a zero byte, the 32 bytes of the
 * statement's digest, and the public key that signs the statement, as SPKI in DER. So an ID token
 * serves for this statement and this key alone; whoever holds both can compute it again.
 */
export function signInNonce(digest: Digest, spki: Uint8Array): string {
  return Buffer.from(sha256(DOMAIN, digestBytes(digest), spki)).toString('base64url');
}
