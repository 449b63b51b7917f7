import { assertBundleLatest, bundleFromJSON, BUNDLE_V03_MEDIA_TYPE } from '@sigstore/bundle';
import type { BundleLatest, Envelope } from '@sigstore/bundle';
import { RFC3161Timestamp, X509Certificate } from '@sigstore/core';
import { toSignedEntity } from '@sigstore/verify';
import type { SignedEntity } from '@sigstore/verify';

export type BundleRefusalCode =
  /** Not a v0.3 bundle with one DSSE signature and one certificate. */
  | 'malformed'
  | 'payload-type'
  /** The envelope's payload is not, byte for byte, the statement. */
  | 'payload-mismatch'
  | 'signature'
  /** Chain, validity at the signing time, SCT, or an identity that cannot be read. */
  | 'certificate'
  /** The certificate is for something other than signing, or for more than that. */
  | 'certificate-purpose'
  | 'timestamp'
  | 'tlog';

export interface BundleRefusal {
  readonly verified: false;
  readonly code: BundleRefusalCode;
  readonly detail: string;
}

/** A bundle whose parts have all been read; nothing in it is verified yet. */
export interface ParsedBundle {
  readonly bundle: BundleLatest;
  readonly envelope: Envelope;
  readonly entity: SignedEntity;
  readonly certificate: X509Certificate;
  readonly certificateDer: Buffer;
  readonly timestamps: readonly RFC3161Timestamp[];
}

/** Reads a v0.3 bundle with one DSSE signature and one certificate. */
export function parseBundle(bundleJson: unknown): ParsedBundle | BundleRefusal {
  const bundle = attempt('malformed', () => {
    const parsed = bundleFromJSON(bundleJson);
    assertBundleLatest(parsed);
    return parsed;
  });
  if ('code' in bundle) return bundle;
  const { mediaType, verificationMaterial: material, content } = bundle;
  if (mediaType !== BUNDLE_V03_MEDIA_TYPE) return refusal('malformed', 'not a v0.3 bundle');
  if (content.$case !== 'dsseEnvelope') return refusal('malformed', 'no DSSE envelope');
  if (content.dsseEnvelope.signatures.length !== 1)
    return refusal('malformed', 'not one signature');
  if (material.content.$case !== 'certificate') return refusal('malformed', 'no certificate');
  const certificateDer = Buffer.from(material.content.certificate.rawBytes);
  const entity = attempt('malformed', () => toSignedEntity(bundle));
  if ('code' in entity) return unreadablePart(bundle, certificateDer) ?? entity;
  const { key, timestamps } = entity;
  if (key.$case !== 'certificate') return refusal('malformed', 'no certificate');
  return {
    bundle,
    envelope: content.dsseEnvelope,
    entity,
    // What the library read to verify it: reading DER is most of what a verification takes.
    certificate: key.certificate,
    certificateDer,
    timestamps: timestamps.flatMap((one) =>
      one.$case === 'timestamp-authority' ? [one.timestamp] : [],
    ),
  };
}

/** Which part of a bundle it was that the library could not read. */
function unreadablePart(
  bundle: BundleLatest,
  certificateDer: Buffer<ArrayBuffer>,
): BundleRefusal | undefined {
  const certificate = attempt('certificate', () => X509Certificate.parse(certificateDer));
  if ('code' in certificate) return certificate;
  const stamps = bundle.verificationMaterial.timestampVerificationData?.rfc3161Timestamps ?? [];
  const read = attempt('timestamp', () =>
    stamps.map((stamp) => RFC3161Timestamp.parse(Buffer.from(stamp.signedTimestamp))),
  );
  return 'code' in read ? read : undefined;
}

/** A refusal. */
export function refusal(code: BundleRefusalCode, detail: string): BundleRefusal {
  return { verified: false, code, detail };
}

/** What an error says, for a refusal's detail. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'not readable';
}

function attempt<T extends object>(code: BundleRefusalCode, read: () => T): T | BundleRefusal {
  try {
    return read();
  } catch (error) {
    // Parsers of foreign bytes throw all sorts; whatever it is, this is not a good bundle.
    return refusal(code, errorText(error));
  }
}
