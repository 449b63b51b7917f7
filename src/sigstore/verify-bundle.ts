import { createPublicKey } from 'node:crypto';
import type { X509Certificate } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toTrustMaterial, VerificationError, Verifier } from '@sigstore/verify';
import type { SignedEntity, TrustMaterial } from '@sigstore/verify';
import { IN_TOTO } from './attestation-state.ts';
import { certificateIdentity } from './certificate-identity.ts';
import type { CertificateIdentity } from './certificate-identity.ts';
import { logEntryFault } from './log-entry-checks.ts';
import { isForSigning } from './certificate-purpose.ts';
import { encodedOnce } from './encoded-once.ts';
import { errorText, parseBundle, refusal } from './parse-bundle.ts';
import type { BundleRefusal, BundleRefusalCode, ParsedBundle } from './parse-bundle.ts';

/** How many witnesses of each kind a bundle needs. */
export interface Thresholds {
  readonly tlogThreshold: number;
  readonly tsaThreshold: number;
  readonly ctlogThreshold: number;
}

/** The same for every bundle, 1 of what is not named; or by when a certificate was issued. */
export type NeededWitnesses = Partial<Thresholds> | ((issuedAt: Date) => Thresholds);

export interface VerifiedBundle {
  readonly verified: true;
  readonly identity: Pick<CertificateIdentity, 'type' | 'value'>;
  readonly issuer: string;
  readonly tokenSubject: string | undefined;
  /** Times that a trusted witness vouches for, all within the certificate's lifetime. */
  readonly signedAt: readonly Date[];
  readonly certificate: {
    readonly serial: string;
    /** SubjectPublicKeyInfo, DER. */
    readonly publicKey: Uint8Array;
    readonly notBefore: Date;
    readonly notAfter: Date;
  };
  readonly logEntries: readonly { readonly logId: string; readonly logIndex: string }[];
}

export type BundleVerification = VerifiedBundle | BundleRefusal;

/** Verifies one bundle over one statement. Offline; never throws for what is in the bundle. */
export type VerifyBundle = (bundleJson: unknown, statementBytes: Uint8Array) => BundleVerification;

/**
 * Makes a verifier from a pinned trusted root (JSON, protobuf `TrustedRoot`). It says whom the
 * certificate names and who vouched; whether that is the right person is the caller's to decide,
 * by comparing the returned values exactly. Throws if the trusted root itself cannot be read.
 */
export function createBundleVerifier(
  trustedRootJson: unknown,
  needed: NeededWitnesses = {},
): VerifyBundle {
  const verifierFor = verifiers(trustMaterial(trustedRootJson));
  return (bundleJson, statementBytes) => {
    const bundle = parseBundle(bundleJson);
    if ('code' in bundle) return bundle;
    // Unproven yet; a certificate that says a wrong time is none of an authority's.
    const thresholds =
      typeof needed === 'function'
        ? needed(bundle.certificate.notBefore)
        : { tlogThreshold: 1, tsaThreshold: 1, ctlogThreshold: 1, ...needed };
    return (
      envelopeFault(bundle, statementBytes) ??
      witnessFault(bundle, thresholds.tsaThreshold) ??
      verifiedBy(verifierFor(thresholds), bundle)
    );
  };
}

/** One verifier for each set of thresholds that is asked for. */
function verifiers(material: TrustMaterial): (thresholds: Thresholds) => Verifier {
  const made = new Map<string, Verifier>();
  return ({ tlogThreshold, tsaThreshold, ctlogThreshold }) => {
    const key = [tlogThreshold, tsaThreshold, ctlogThreshold].join(' ');
    const verifier =
      made.get(key) ??
      new Verifier(material, {
        tlogThreshold,
        ctlogThreshold,
        // Zero would leave the certificate's validity unjudged; the library throws on it.
        timestampThreshold: Math.max(1, tsaThreshold),
      });
    made.set(key, verifier);
    return verifier;
  };
}

function trustMaterial(trustedRootJson: unknown): TrustMaterial {
  const material = toTrustMaterial(TrustedRoot.fromJSON(trustedRootJson));
  for (const { certChain } of [
    ...material.certificateAuthorities,
    ...material.timestampAuthorities,
  ])
    for (const certificate of certChain) encodedOnce(certificate);
  return material;
}

function envelopeFault(
  { envelope }: ParsedBundle,
  statementBytes: Uint8Array,
): BundleRefusal | undefined {
  const { payloadType, payload } = envelope;
  if (payloadType !== IN_TOTO) return refusal('payload-type', 'not an in-toto statement');
  if (payload.compare(statementBytes) !== 0) {
    return refusal('payload-mismatch', 'the payload is not the statement');
  }
  return undefined;
}

function witnessFault(parsed: ParsedBundle, tsaThreshold: number): BundleRefusal | undefined {
  // The library counts a log's promise as a timestamp too; here only RFC 3161 ones count, and it
  // verifies every one that is there.
  if (parsed.timestamps.length < tsaThreshold) return refusal('timestamp', 'too few timestamps');
  for (const entry of parsed.bundle.verificationMaterial.tlogEntries) {
    const fault = logEntryFault(entry, parsed);
    if (fault !== undefined) return refusal('tlog', fault);
  }
  return undefined;
}

function verifiedBy(verifier: Verifier, parsed: ParsedBundle): BundleVerification {
  try {
    encodedOnce(parsed.certificate);
    verifier.verify(parsed.entity);
  } catch (error) {
    return refusalOf(error, parsed);
  }
  if (!isForSigning(parsed.certificateDer))
    return refusal('certificate-purpose', 'the certificate is not for signing alone');
  const identity = certificateIdentity(parsed.certificate);
  if (identity === undefined) return refusal('certificate', 'the identity cannot be read');
  const { tlogEntries } = parsed.bundle.verificationMaterial;
  return {
    verified: true,
    identity: { type: identity.type, value: identity.value },
    issuer: identity.issuer,
    tokenSubject: identity.tokenSubject,
    signedAt: signingTimes(parsed),
    certificate: {
      serial: parsed.certificate.serialNumber.toString('hex'),
      publicKey: new Uint8Array(parsed.certificate.publicKey),
      notBefore: parsed.certificate.notBefore,
      notAfter: parsed.certificate.notAfter,
    },
    logEntries: tlogEntries.map(({ logId, logIndex }) => ({
      logId: logId?.keyId.toString('hex') ?? '',
      logIndex,
    })),
  };
}

function signingTimes({ timestamps, bundle }: ParsedBundle): Date[] {
  // Without a promise the log's time is not signed, and says nothing.
  const promised = bundle.verificationMaterial.tlogEntries.filter(
    (entry) => entry.inclusionPromise !== undefined,
  );
  return [
    ...timestamps.map((stamp) => stamp.signingTime),
    ...promised.map((entry) => new Date(Number(entry.integratedTime) * 1000)),
  ];
}

function refusalOf(error: unknown, { entity, certificate }: ParsedBundle): BundleRefusal {
  if (!(error instanceof VerificationError)) return refusal('malformed', errorText(error));
  // A changed signature is first noticed as a timestamp over something else.
  if (error.code === 'TIMESTAMP_ERROR' && !isSignedBy(entity, certificate)) {
    return refusal('signature', error.message);
  }
  return refusal(codeOf(error), error.message);
}

function codeOf({ code }: VerificationError): BundleRefusalCode {
  switch (code) {
    case 'SIGNATURE_ERROR':
      return 'signature';
    case 'CERTIFICATE_ERROR':
    case 'PUBLIC_KEY_ERROR':
      return 'certificate';
    case 'TIMESTAMP_ERROR':
      return 'timestamp';
    case 'TLOG_ERROR':
    case 'TLOG_BODY_ERROR':
    case 'TLOG_INCLUSION_PROOF_ERROR':
    case 'TLOG_INCLUSION_PROMISE_ERROR':
    case 'TLOG_MISSING_INCLUSION_ERROR':
      return 'tlog';
    case 'NOT_IMPLEMENTED_ERROR':
      return 'malformed';
  }
}

function isSignedBy(entity: SignedEntity, certificate: X509Certificate): boolean {
  try {
    const key = createPublicKey({ key: certificate.publicKey, format: 'der', type: 'spki' });
    return entity.signature.verifySignature(key);
  } catch {
    return false;
  }
}
