/**
 * What a look at a deploy's provenance can find. None of it says who built the artifact: the bytes are
 * compared with a digest and their subjects with an artifact, and nobody's signature is verified.
 */
export const PROVENANCE_RESULTS = [
  /** The bytes have the digest, and are SLSA provenance of the artifact. */
  'matches',
  /** The bytes have the digest, and are SLSA provenance of other artifacts alone. */
  'other-artifact',
  /** Other bytes lie there than the deploy said. */
  'other-digest',
  /** The bytes have the digest, and are SLSA provenance; the deploy named no artifact. */
  'no-artifact',
  /** No SLSA provenance can be read there. */
  'unreadable',
  /** Nothing could be fetched, for as long as it was tried. */
  'unreachable',
  /** An address, or a digest, of a kind that is never fetched. */
  'not-fetched',
] as const;

export type ProvenanceResult = (typeof PROVENANCE_RESULTS)[number];

/** Whether the provenance is of something else than was deployed. */
export const isMismatch = (result: ProvenanceResult): boolean =>
  result === 'other-artifact' || result === 'other-digest';

/** Whether this can be found of a deploy that named an artifact, or none. */
export function canBeFound(result: ProvenanceResult, artifact: string | null): boolean {
  switch (result) {
    case 'matches':
    case 'other-artifact':
      return artifact !== null;
    case 'no-artifact':
      return artifact === null;
    case 'other-digest':
    case 'unreadable':
    case 'unreachable':
    case 'not-fetched':
      return true;
  }
}
