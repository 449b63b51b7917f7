import type { ProvenanceResult } from '#domain/provenance-result';
import { digestOf } from '#ledger/digest';
import { slsaSubjects } from '#ledger/provenance/slsa-subjects';

/** What a deploy said of itself. */
export interface Named {
  /** Of the provenance: `sha256:…`. */
  readonly digest: string;
  /** What was deployed; `null` where it named none. */
  readonly artifact: string | null;
}

/**
 * Compares what was fetched with what the deploy named: first the bytes, so that nothing is read but
 * what it named; then what they are provenance of. Who signed them is not looked at.
 */
export function compareProvenance(
  bytes: Uint8Array,
  { digest, artifact }: Named,
): Exclude<ProvenanceResult, 'unreachable' | 'not-fetched'> {
  if (digestOf(bytes) !== digest) return 'other-digest';
  const subjects = slsaSubjects(bytes);
  if (subjects === null) return 'unreadable';
  if (artifact === null) return 'no-artifact';
  return subjects.has(artifact) ? 'matches' : 'other-artifact';
}
