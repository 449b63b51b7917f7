import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** A P-256 private key with what verifiers know it by. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /** SHA-256 of the SPKI: the log id of RFC 6962 §3.2, and Rekor's. */
  readonly id: Buffer;
}

/** A fresh P-256 key. */
export function newSigningKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

/** Reads a key written by `toPem`. */
export function fromPem(pem: string): SigningKey {
  return signingKeyOf(createPrivateKey(pem));
}

/** PKCS #8 PEM. Secret. */
export function toPem(key: SigningKey): string {
  return key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** ECDSA over SHA-256 of `data`, DER encoded. */
export function signBytes(key: SigningKey, data: Uint8Array): Buffer {
  return sign('sha256', data, key.privateKey);
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { privateKey, spki, id: createHash('sha256').update(spki).digest() };
}
