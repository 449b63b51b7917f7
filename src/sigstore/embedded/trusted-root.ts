import { X509Certificate } from 'node:crypto';
import type { CertifiedKey } from './authority-certificates.ts';
import { LOG_NAME } from './checkpoint.ts';
import type { DatedKey, KeyRing } from './key-ring.ts';

/**
 * The trusted root, as JSON of the Sigstore protobuf `TrustedRoot`: all that a verifier pins.
 * Every authority that ever signed stays in it, each for the time its certificates were valid.
 */
export function trustedRootOf(ring: KeyRing): unknown {
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [...ring.formerLogs, ring.transparencyLog].map((log) =>
      logInstance(`https://${LOG_NAME}`, log),
    ),
    certificateAuthorities: ring.certificateAuthorities.map((authority) =>
      authorityInstance('https://fulcio.embedded.localhost', authority),
    ),
    ctlogs: ring.ctLogs.map((log) => logInstance('https://ct.embedded.localhost', log)),
    timestampAuthorities: ring.timestampAuthorities.map((authority) =>
      authorityInstance('https://tsa.embedded.localhost', authority),
    ),
  };
}

function logInstance(baseUrl: string, { key, from }: DatedKey): unknown {
  return {
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: key.spki.toString('base64'),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor: { start: wholeSeconds(from) },
    },
    logId: { keyId: key.id.toString('base64') },
  };
}

function authorityInstance(uri: string, { chain }: CertifiedKey): unknown {
  const certificates = chain.map((pem) => new X509Certificate(pem));
  const [own] = certificates;
  if (own === undefined) throw new RangeError('an empty certificate chain');
  return {
    uri,
    certChain: {
      certificates: certificates.map(({ raw }) => ({ rawBytes: raw.toString('base64') })),
    },
    validFor: { start: isoTime(own.validFrom), end: isoTime(own.validTo) },
  };
}

// Log times are whole seconds; a start within the second would come after the first entry.
function wholeSeconds(at: Date): string {
  return new Date(Math.floor(at.getTime() / 1000) * 1000).toISOString();
}

function isoTime(certificateTime: string): string {
  return new Date(certificateTime).toISOString();
}
