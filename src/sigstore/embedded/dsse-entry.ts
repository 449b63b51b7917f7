import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { dsse } from '@sigstore/core';
import canonicalize from 'canonicalize';
import { z } from 'zod';

/** Why a proposed entry is refused. */
export type EntryRefusal =
  | 'not a dsse entry of version 0.0.1'
  | 'the envelope is not one with a single signature'
  | 'the verifier is neither a certificate nor a public key'
  | 'the signature does not verify';

const proposed = z.object({
  apiVersion: z.literal('0.0.1'),
  kind: z.literal('dsse'),
  spec: z.object({
    proposedContent: z.object({ envelope: z.string(), verifiers: z.tuple([z.base64()]) }),
  }),
});

const envelope = z.object({
  payloadType: z.string(),
  payload: z.base64(),
  signatures: z.tuple([z.object({ sig: z.base64(), keyid: z.string().optional() })]),
});

/**
 * Turns a proposed `dsse/0.0.1` entry into the body that the log keeps: digests of payload and
 * envelope, signature and verifier, in RFC 8785 canonical JSON. The signature is checked first.
 */
export function canonicalEntry(proposal: unknown): Buffer | EntryRefusal {
  const entry = proposed.safeParse(proposal);
  if (!entry.success) return 'not a dsse entry of version 0.0.1';
  const { envelope: text, verifiers } = entry.data.spec.proposedContent;
  const signed = envelope.safeParse(parseJson(text));
  if (!signed.success) return 'the envelope is not one with a single signature';
  const pem = Buffer.from(verifiers[0], 'base64').toString('utf8');
  const key = keyOf(pem);
  if (key === undefined) return 'the verifier is neither a certificate nor a public key';
  const payload = Buffer.from(signed.data.payload, 'base64');
  const signature = Buffer.from(signed.data.signatures[0].sig, 'base64');
  const encoded = dsse.preAuthEncoding(signed.data.payloadType, payload);
  if (!verify('sha256', encoded, key, signature)) return 'the signature does not verify';
  return body(text, payload, signature, pem);
}

function body(envelopeText: string, payload: Buffer, signature: Buffer, pem: string): Buffer {
  const canonical = canonicalize({
    apiVersion: '0.0.1',
    kind: 'dsse',
    spec: {
      envelopeHash: { algorithm: 'sha256', value: sha256(Buffer.from(envelopeText)) },
      payloadHash: { algorithm: 'sha256', value: sha256(payload) },
      signatures: [
        { signature: signature.toString('base64'), verifier: Buffer.from(pem).toString('base64') },
      ],
    },
  });
  if (canonical === undefined) throw new TypeError('an entry without canonical form');
  return Buffer.from(canonical);
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    const head = pem.trimStart();
    if (head.startsWith('-----BEGIN CERTIFICATE-----')) return new X509Certificate(pem).publicKey;
    return head.startsWith('-----BEGIN PUBLIC KEY-----') ? createPublicKey(pem) : undefined;
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
