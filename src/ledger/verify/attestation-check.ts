import type { Digest } from '../digest.ts';
import type { RecordedEvent } from '../recorded-event.ts';
import type { BundleVerdict } from './checks.ts';
import type { EntryEnvelope } from './envelope.ts';
import type { Enrolments } from './enrolments.ts';
import type { Findings } from './findings.ts';
import { erasedEmail } from './reasons.ts';

/** How an entry must be signed: in a person's name, or by the service's own key. */
export type SignedAs =
  | { readonly by: 'person'; readonly person: string; readonly steppedUp: boolean }
  | { readonly by: 'workload' }
  | { readonly by: 'service'; readonly provisionalFor: string | null };

/** Of nearly every entry. */
const BY_SERVICE: SignedAs = { by: 'service', provisionalFor: null };

/**
 * Approvals and late attestations say whose they are, and the workload vouches for the log;
 * everything else is the service's word.
 */
export function signedAs(event: RecordedEvent): SignedAs {
  if (event.type === 'workload.attested') return { by: 'workload' };
  if (event.type === 'entry.attested')
    return { by: 'person', person: event.person, steppedUp: false };
  if (event.type !== 'approval.given') return BY_SERVICE;
  return event.signing === 'attested'
    ? { by: 'person', person: event.approver, steppedUp: event.steppedUp }
    : { by: 'service', provisionalFor: event.approver };
}

/** Whether the envelope is of the kind that the entry says; a finding if it is not. */
export function checkKind(
  envelope: EntryEnvelope,
  as: SignedAs,
  index: number,
  { findings, enrolments }: { readonly findings: Findings; readonly enrolments: Enrolments },
): boolean {
  if (as.by === 'person') {
    if (envelope.kind === 'bundle') return true;
    findings.add('attested-without-bundle', index, { person: enrolments.nameOf(as.person) });
    return false;
  }
  if (as.by === 'workload') {
    if (envelope.kind === 'service') findings.add('workload-without-bundle', index);
    return envelope.kind === 'bundle';
  }
  if (envelope.kind === 'service') return true;
  if (as.provisionalFor === null) findings.add('bundle-unexpected', index);
  else {
    const person = enrolments.nameOf(as.provisionalFor);
    findings.add('provisional-with-bundle', index, { person });
  }
  return false;
}

interface Attested {
  readonly index: number;
  readonly digest: Digest;
  /** `undefined` for a statement that cannot be read, and so speaks of nobody. */
  readonly as: SignedAs | undefined;
  readonly verdict: BundleVerdict;
  readonly issuers: readonly string[] | undefined;
}

/** A verified bundle: issued for this statement, and in the name of the person of the entry. */
export function checkAttested(
  { index, digest, as, verdict, issuers }: Attested,
  { findings, enrolments }: { readonly findings: Findings; readonly enrolments: Enrolments },
): void {
  if (!verdict.ok) {
    findings.add('bundle-refused', index, { found: verdict.code });
    return;
  }
  if (as?.by !== 'person') return;
  const { identity, issuer, tokenSubject, kind } = verdict;
  if (kind !== 'email') {
    findings.add('bundle-refused', index, { found: 'identity-not-email' });
    return;
  }
  if (issuers !== undefined && !issuers.includes(issuer))
    findings.add('issuer-not-pinned', index, { found: issuer });
  // Signed on a sign-in, the token is the provider's: it is held against the binding and the nonce.
  if (as.steppedUp) return;
  if (tokenSubject !== digest) findings.add('token-subject-wrong', index, { found: tokenSubject });
  const { person } = as;
  const about = { person: enrolments.nameOf(person), found: identity };
  const anchored = enrolments.identityOf(person, identity);
  if (anchored === 'differs') findings.add('identity-differs', index, about);
  if (anchored === 'unknown') findings.add('identity-unknown', index, about);
  // Whoever leaves a value out could be hiding that it differs: so it is told, and never passed over.
  if (anchored === 'erased') findings.unprovenIdentity(index, erasedEmail(about));
}
