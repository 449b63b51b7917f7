/** The digests that timestamps may be over; SHA-1 is not among them. */
export const DIGEST_ALGORITHMS = [
  { name: 'sha256', oid: '2.16.840.1.101.3.4.2.1', length: 32 },
  { name: 'sha384', oid: '2.16.840.1.101.3.4.2.2', length: 48 },
  { name: 'sha512', oid: '2.16.840.1.101.3.4.2.3', length: 64 },
] as const;

export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];
