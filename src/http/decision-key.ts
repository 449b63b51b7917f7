import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';

const publicMembers = { kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.base64url() };
const privateJwk = z.object({ ...publicMembers, d: z.base64url() });

/** An Ed25519 private key as a JWK (RFC 8037 §2). `d` is secret. */
export type DecisionJwk = z.infer<typeof privateJwk>;

/** A key that signs decisions, with the id that it is published under. */
export interface DecisionKeyPair {
  readonly privateJwk: DecisionJwk;
  readonly keyId: string;
}

/** What is published of a key that signs decisions. */
export interface PublicDecisionKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** The key is no Ed25519 JWK with its private half. Says nothing of what was given instead. */
export class DecisionKeyInvalid extends Error {
  override name = 'DecisionKeyInvalid';
  readonly code = 'not-ed25519';
  constructor() {
    super('the key for decisions must be an Ed25519 JWK with kty, crv, x and d that fit together');
  }
}

/** A fresh key; the id is its thumbprint (RFC 7638). */
export async function generateDecisionKey(): Promise<DecisionKeyPair> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = privateJwk.parse(await exportJWK(privateKey));
  return { privateJwk: jwk, keyId: await calculateJwkThumbprint(jwk, 'sha256') };
}

const keyPair = z.object({ privateJwk, keyId: z.string().min(1) });

/** Reads a key as it is kept. Throws ZodError, which holds no part of it. */
export function readDecisionKeyPair(json: string): DecisionKeyPair {
  return keyPair.parse(JSON.parse(json));
}

/** Reads a private key, and its public half member by member. @throws DecisionKeyInvalid. */
export function readDecisionKey(
  jwk: unknown,
  keyId: string,
): { readonly privateKey: KeyObject; readonly published: PublicDecisionKey } {
  const parsed = privateJwk.safeParse(jwk);
  if (!parsed.success) throw new DecisionKeyInvalid();
  const { kty, crv, x } = parsed.data;
  const privateKey = importKey(parsed.data);
  // A published half that belongs to another key would make every decision an enforce.
  const derived = createPublicKey(privateKey).export({ format: 'jwk' });
  if (derived['x'] !== x) throw new DecisionKeyInvalid();
  return { privateKey, published: { kty, crv, x, kid: keyId, alg: 'EdDSA', use: 'sig' } };
}

function importKey(jwk: DecisionJwk): KeyObject {
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    // The cause could hold parts of the key.
    throw new DecisionKeyInvalid();
  }
}
