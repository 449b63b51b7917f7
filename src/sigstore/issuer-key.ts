import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';

const issuerKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.base64url(),
  y: z.base64url(),
  d: z.base64url(),
  kid: z.string().min(1),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
});

/** An ES256 private key as a JWK. `d` is secret. */
export type IssuerKey = z.infer<typeof issuerKey>;

/** What is published of it. */
export type PublicIssuerKey = Omit<IssuerKey, 'd'>;

/** A fresh key; `kid` is its thumbprint (RFC 7638). */
export async function generateIssuerKey(): Promise<IssuerKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk, 'sha256');
  return issuerKey.parse({ ...jwk, kid, alg: 'ES256', use: 'sig' });
}

/** Reads a key as it is kept. Throws ZodError, which holds no part of it. */
export function readIssuerKey(json: string): IssuerKey {
  return issuerKey.parse(JSON.parse(json));
}

/** The public half, member by member, so that nothing secret is published by oversight. */
export function publicIssuerKey({ kty, crv, x, y, kid, alg, use }: IssuerKey): PublicIssuerKey {
  return { kty, crv, x, y, kid, alg, use };
}
