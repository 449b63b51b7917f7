import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { dsse } from '@sigstore/core';
import { z } from 'zod';
import { IN_TOTO } from './attestation-state.ts';

/** The service's own P-256 key. `privateKeyPem` is secret; the rest is published. */
export interface ServiceKey {
  /** SHA-256 of the public key's SPKI DER, hexadecimal. */
  readonly keyid: string;
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
}

/** A DSSE envelope with one signature, as JSON. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly [{ readonly keyid: string; readonly sig: string }];
}

export type EnvelopeRefusal = 'malformed' | 'payload-type' | 'unknown-key' | 'signature';

export type EnvelopeVerification =
  | { readonly verified: true; readonly keyid: string; readonly payload: Buffer }
  | { readonly verified: false; readonly code: EnvelopeRefusal };

const envelope = z.strictObject({
  payloadType: z.string(),
  payload: z.base64(),
  signatures: z.tuple([z.strictObject({ keyid: z.string(), sig: z.base64() })]),
});

/** A fresh service key. */
export function generateServiceKey(): ServiceKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    keyid: keyidOf(publicKey),
    privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  };
}

/** Signs an in-toto statement into a DSSE envelope (DSSE v1.0.2; ECDSA P-256, SHA-256, DER). */
export function signEnvelope(
  statementBytes: Uint8Array,
  key: Pick<ServiceKey, 'keyid' | 'privateKeyPem'>,
): Envelope {
  const payload = Buffer.from(statementBytes);
  const encoded = dsse.preAuthEncoding(IN_TOTO, payload);
  const sig = sign('sha256', encoded, createPrivateKey(key.privateKeyPem)).toString('base64');
  return {
    payloadType: IN_TOTO,
    payload: payload.toString('base64'),
    signatures: [{ keyid: key.keyid, sig }],
  };
}

/**
 * Verifies an envelope against the service's public keys, past and present. The key is found by
 * digest of the key itself, so a keyid in the envelope can only choose among those given.
 */
export function verifyEnvelope(
  envelopeJson: unknown,
  publicKeysPem: readonly string[],
): EnvelopeVerification {
  const parsed = envelope.safeParse(envelopeJson);
  if (!parsed.success) return { verified: false, code: 'malformed' };
  const { payloadType, signatures } = parsed.data;
  if (payloadType !== IN_TOTO) return { verified: false, code: 'payload-type' };
  const [{ keyid, sig }] = signatures;
  const key = publicKeysPem.map((pem) => createPublicKey(pem)).find((k) => keyidOf(k) === keyid);
  if (key === undefined) return { verified: false, code: 'unknown-key' };
  const payload = Buffer.from(parsed.data.payload, 'base64');
  const encoded = dsse.preAuthEncoding(payloadType, payload);
  if (!verify('sha256', encoded, key, Buffer.from(sig, 'base64'))) {
    return { verified: false, code: 'signature' };
  }
  return { verified: true, keyid, payload };
}

function keyidOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex');
}
