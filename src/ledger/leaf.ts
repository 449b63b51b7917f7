import { parseDigest, type Digest } from './digest.ts';

/**
 * What stands in the log for an entry: the digest of its statement and of the envelope that signs
 * it. The number is the version of this form; it changes with any change to it.
 */
export function leafText(statement: Digest, envelope: Digest): string {
  // Canonical JSON: digests need no escaping, and the members stand in their order.
  return `{"envelope":"${envelope}","statement":"${statement}","v":1}`;
}

/** The bytes of that. */
export function leafBytes(statement: Digest, envelope: Digest): Uint8Array {
  return Buffer.from(leafText(statement, envelope), 'latin1');
}

const LEAF = /^\{"envelope":"(?<envelope>[^"]+)","statement":"(?<statement>[^"]+)","v":1\}$/;

/** The digests that a leaf is of; `undefined` for bytes that are no leaf of this form. */
export function parseLeaf(
  bytes: Uint8Array,
): { readonly statement: Digest; readonly envelope: Digest } | undefined {
  const { statement = '', envelope = '' } =
    LEAF.exec(Buffer.from(bytes).toString('latin1'))?.groups ?? {};
  const read = { statement: parseDigest(statement), envelope: parseDigest(envelope) };
  if (read.statement === undefined || read.envelope === undefined) return undefined;
  return { statement: read.statement, envelope: read.envelope };
}
