import { sign } from 'node:crypto';
import { dsse } from '@sigstore/core';
import { IN_TOTO } from './attestation-state.ts';
import type { SignedStatement } from './attestation-state.ts';
import type { CertifiedEphemeralKey } from './obtain-certificate.ts';

/** Signs the statement's DSSE pre-authentication encoding with the certified key. */
export function signStatement(
  statementBytes: Uint8Array,
  { privateKey, certificate }: CertifiedEphemeralKey,
): SignedStatement {
  const payload = Buffer.from(statementBytes);
  return {
    stage: 'signed',
    payload: payload.toString('base64'),
    signature: sign('sha256', dsse.preAuthEncoding(IN_TOTO, payload), privateKey).toString(
      'base64',
    ),
    certificate: certificate.raw.toString('base64'),
  };
}
