import { sha256, SHA256_BYTES } from './digest.ts';

// The prefixes keep a leaf from being read as a node (RFC 6962 §2.1, second preimages).
const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);
/** What is hashed for a node: written over for each, because a log has as many as entries. */
const nodeBytes = new Uint8Array(1 + 2 * SHA256_BYTES).fill(0x01, 0, 1);

/** The hash of a leaf's bytes: SHA-256(0x00 ‖ data) (RFC 6962 §2.1). */
export function leafHash(data: Uint8Array): Uint8Array {
  return sha256(LEAF, data);
}

/** The hash of an inner node: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== SHA256_BYTES || right.length !== SHA256_BYTES)
    return sha256(NODE, left, right);
  nodeBytes.set(left, 1);
  nodeBytes.set(right, 1 + SHA256_BYTES);
  return sha256(nodeBytes);
}

/** The root of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export function emptyRoot(): Uint8Array {
  return sha256(new Uint8Array(0));
}

/** The Merkle tree hash over `leafHashes` in order (RFC 6962 §2.1). */
export function rootOf(leafHashes: readonly Uint8Array[]): Uint8Array {
  return leafHashes.length === 0 ? emptyRoot() : rootBetween(leafHashes, 0, leafHashes.length);
}

/**
 * The audit path of the leaf at `index`, from its sibling up (RFC 6962 §2.1.1).
 * Throws RangeError if there is no such leaf.
 */
export function inclusionProof(leafHashes: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= leafHashes.length) {
    throw new RangeError(`no leaf ${index} in a tree of ${leafHashes.length}`);
  }
  return pathBetween(leafHashes, index, 0, leafHashes.length);
}

/**
 * The proof that the first `oldSize` leaves are a prefix of all (RFC 6962 §2.1.2).
 * Empty for `oldSize` 0 and for the whole tree. Throws RangeError if `oldSize` is beyond the tree.
 */
export function consistencyProof(leafHashes: readonly Uint8Array[], oldSize: number): Uint8Array[] {
  if (!Number.isSafeInteger(oldSize) || oldSize < 0 || oldSize > leafHashes.length) {
    throw new RangeError(`no size ${oldSize} in a tree of ${leafHashes.length}`);
  }
  if (oldSize === 0) return [];
  return prefixBetween(leafHashes, oldSize, 0, leafHashes.length, true);
}

function rootBetween(leaves: readonly Uint8Array[], from: number, to: number): Uint8Array {
  if (to - from === 1) return leafAt(leaves, from);
  const middle = from + splitOf(to - from);
  return nodeHash(rootBetween(leaves, from, middle), rootBetween(leaves, middle, to));
}

function pathBetween(
  leaves: readonly Uint8Array[],
  index: number,
  from: number,
  to: number,
): Uint8Array[] {
  if (to - from === 1) return [];
  const middle = from + splitOf(to - from);
  return index < middle
    ? [...pathBetween(leaves, index, from, middle), rootBetween(leaves, middle, to)]
    : [...pathBetween(leaves, index, middle, to), rootBetween(leaves, from, middle)];
}

// SUBPROOF of RFC 6962 §2.1.2: `known` while the verifier holds the hash of the old part itself.
function prefixBetween(
  leaves: readonly Uint8Array[],
  oldEnd: number,
  from: number,
  to: number,
  known: boolean,
): Uint8Array[] {
  if (oldEnd === to) return known ? [] : [rootBetween(leaves, from, to)];
  const middle = from + splitOf(to - from);
  return oldEnd <= middle
    ? [...prefixBetween(leaves, oldEnd, from, middle, known), rootBetween(leaves, middle, to)]
    : [...prefixBetween(leaves, oldEnd, middle, to, false), rootBetween(leaves, from, middle)];
}

/** The largest power of two below `count`, for `count` of at least 2. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function leafAt(leaves: readonly Uint8Array[], index: number): Uint8Array {
  const leaf = leaves[index];
  if (leaf === undefined) throw new RangeError(`no leaf ${index}`);
  return leaf;
}
