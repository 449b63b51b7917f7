import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  sign,
  X509Certificate,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { callService, describe, endpoint, parseJson } from './call-service.ts';
import { SignerUnavailable, SigningRefused } from './signing-errors.ts';
import { tokenChallenge } from './token-challenge.ts';

/**
 * An ephemeral key and Fulcio's certificate for it. Held in memory only: the key signs once and is
 * forgotten, so no state that is kept can sign anything else in the person's name.
 */
export interface CertifiedEphemeralKey {
  readonly privateKey: KeyObject;
  readonly certificate: X509Certificate;
}

const chain = z.object({ chain: z.object({ certificates: z.array(z.string()).min(1) }) });
const answer = z.union([
  z.object({ signedCertificateEmbeddedSct: chain }),
  z.object({ signedCertificateDetachedSct: chain }),
]);

/** A P-256 key that was made for one signature. */
export interface EphemeralKeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A fresh P-256 key. */
export const ephemeralKey = (): EphemeralKeyPair =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' });

/**
 * Gets a certificate for an ephemeral P-256 key, one of its own making unless a key is given to
 * which the token is bound already (Fulcio v2 `signingCert`).
 * Throws `SignerUnavailable`, or `SigningRefused` with «token-refused» or «certificate-refused».
 */
export async function obtainCertificate(
  identityToken: string,
  fulcioUrl: string,
  signal: AbortSignal,
  key: EphemeralKeyPair = ephemeralKey(),
): Promise<CertifiedEphemeralKey> {
  const challenge = tokenChallenge(identityToken);
  const { privateKey, publicKey } = key;
  const content = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const proofOfPossession = sign('sha256', Buffer.from(challenge), privateKey).toString('base64');
  const reply = await callService({
    service: 'fulcio',
    url: endpoint(fulcioUrl, 'api/v2/signingCert'),
    contentType: 'application/json',
    body: JSON.stringify({
      credentials: { oidcIdentityToken: identityToken },
      publicKeyRequest: { publicKey: { algorithm: 'ECDSA', content }, proofOfPossession },
    }),
    signal,
  });
  if (reply.status === 401 || reply.status === 403) {
    throw new SigningRefused('token-refused', 'the authority refused the token', describe(reply));
  }
  if (reply.status >= 300) {
    throw new SigningRefused('certificate-refused', 'the authority said no', describe(reply));
  }
  const certificate = certificateIn(reply.body);
  if (fingerprint(certificate.publicKey) !== fingerprint(createPublicKey(content))) {
    throw new SigningRefused('certificate-refused', 'the certificate is for another key');
  }
  return { privateKey, certificate };
}

function certificateIn(body: Buffer): X509Certificate {
  try {
    const parsed = answer.parse(parseJson(body));
    const signed =
      'signedCertificateEmbeddedSct' in parsed
        ? parsed.signedCertificateEmbeddedSct
        : parsed.signedCertificateDetachedSct;
    return new X509Certificate(signed.chain.certificates[0] ?? '');
  } catch {
    // A 200 that is no certificate comes from something that is not the authority. Its text is
    // left out of the error, as a broken proxy might echo the request.
    const cause = new Error('no certificate in it');
    throw new SignerUnavailable('fulcio-unavailable', 'fulcio', cause, 'answered');
  }
}

function fingerprint(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ format: 'der', type: 'spki' }))
    .digest('hex');
}
