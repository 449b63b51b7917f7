import type { JsonValue } from '../canonical-json.ts';
import { IN_TOTO_PAYLOAD_TYPE, PreAuthEncoder } from '../dsse.ts';
import type { BundleVerdict, Checks } from './checks.ts';

/** A signature of a service key over a statement, in DSSE's pre-authentication encoding. */
export interface ServiceJob {
  readonly kind: 'service';
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly statement: Uint8Array;
  readonly signature: Uint8Array;
}

/** A Sigstore bundle over a statement. */
export interface BundleJob {
  readonly kind: 'bundle';
  readonly bundle: JsonValue;
  readonly statement: Uint8Array;
}

/** One signature to check. It depends on nothing but what stands in it, so any thread can. */
export type SignatureJob = ServiceJob | BundleJob;

/** Of a service's signature, whether it is one; of a bundle, what it proved. */
export type SignatureVerdict = boolean | BundleVerdict;

type JobChecks = Pick<Checks, 'verifyBundle' | 'verifyServiceSignature'>;

/** Checks one signature, here and now. */
export function checkJob(checks: JobChecks, job: SignatureJob): SignatureVerdict {
  return job.kind === 'bundle' ? checkBundle(checks, job) : checkService(checks, job);
}

export function checkBundle(checks: JobChecks, { bundle, statement }: BundleJob): BundleVerdict {
  return checks.verifyBundle(bundle, statement);
}

const encoder = new PreAuthEncoder();

export function checkService(checks: JobChecks, job: ServiceJob): boolean {
  const message = encoder.encode(IN_TOTO_PAYLOAD_TYPE, job.statement);
  return checks.verifyServiceSignature(job.spki, message, job.signature);
}
