import { createHash } from 'node:crypto';
import { encode, octets } from '../der.ts';
import { signBytes } from './signing-key.ts';
import type { SigningKey } from './signing-key.ts';

const V1 = 0;
const CERTIFICATE_TIMESTAMP = 0;
const PRECERT_ENTRY = 1;
const SHA256_ECDSA = Buffer.from([4, 3]);

/**
 * The value of the SCT extension with one SCT over a certificate that does not have it yet.
 * `tbs` is that certificate's TBSCertificate, `issuerSpki` the issuing key (RFC 6962 §3.2).
 */
export function sctExtensionValue(
  log: SigningKey,
  issuerSpki: Buffer,
  tbs: Buffer,
  at: Date,
): Buffer {
  const time = uint64(at.getTime());
  const noExtensions = uint(2, 0);
  const signed = Buffer.concat([
    Buffer.from([V1, CERTIFICATE_TIMESTAMP]),
    time,
    uint(2, PRECERT_ENTRY),
    createHash('sha256').update(issuerSpki).digest(),
    sized(3, tbs),
    noExtensions,
  ]);
  const signature = signBytes(log, signed);
  const sct = Buffer.concat([
    Buffer.from([V1]),
    log.id,
    time,
    noExtensions,
    SHA256_ECDSA,
    sized(2, signature),
  ]);
  const list = sized(2, sized(2, sct));
  return encode(octets(list));
}

function sized(width: number, bytes: Buffer): Buffer {
  return Buffer.concat([uint(width, bytes.length), bytes]);
}

function uint(width: number, value: number): Buffer {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntBE(value, 0, width);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
