import { SHA256_BYTES, sameBytes } from './digest.ts';
import { nodeHash } from './merkle.ts';

/** Why an inclusion proof proves nothing. */
export type InclusionRefusal =
  | 'size-out-of-range'
  | 'index-out-of-range'
  | 'hash-length'
  | 'proof-length'
  | 'root-mismatch';

/** Why a consistency proof proves nothing. */
export type ConsistencyRefusal =
  | 'size-out-of-range'
  | 'old-tree-empty'
  | 'old-tree-larger'
  | 'hash-length'
  | 'proof-length'
  | 'old-root-mismatch'
  | 'new-root-mismatch';

export type InclusionClaim = {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
};

export type ConsistencyClaim = {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
};

/**
 * Whether the leaf stands at `index` of the tree of `size` leaves with this root
 * (RFC 9162 §2.1.3.2). A refusal is a string, which is truthy: compare with `=== true`.
 * Sizes beyond 2^53 − 1 are refused.
 */
export function verifyInclusion(claim: InclusionClaim): true | InclusionRefusal {
  const { index, size, leafHash, proof, root } = claim;
  if (!isCount(size)) return 'size-out-of-range';
  if (!isCount(index) || index >= size) return 'index-out-of-range';
  if (![leafHash, root, ...proof].every(isHash)) return 'hash-length';
  const climbed = climb(proof, index, size - 1, leafHash);
  if (climbed === undefined) return 'proof-length';
  return sameBytes(climbed.whole, root) ? true : 'root-mismatch';
}

/**
 * Whether the tree of `oldSize` leaves is a prefix of the tree of `newSize` (RFC 9162 §2.1.4.2).
 * A refusal is a string, which is truthy: compare with `=== true`. An empty old tree is refused:
 * it is a prefix of everything, so such a proof says nothing. Equal sizes compare the roots alone.
 */
export function verifyConsistency(claim: ConsistencyClaim): true | ConsistencyRefusal {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim;
  if (!isCount(oldSize) || !isCount(newSize)) return 'size-out-of-range';
  if (oldSize > newSize) return 'old-tree-larger';
  if (oldSize === 0) return 'old-tree-empty';
  if (oldSize === newSize) {
    if (proof.length > 0) return 'proof-length';
    return sameBytes(oldRoot, newRoot) ? true : 'new-root-mismatch';
  }
  if (![oldRoot, newRoot, ...proof].every(isHash)) return 'hash-length';
  return verifyGrowth(claim);
}

function verifyGrowth(claim: ConsistencyClaim): true | ConsistencyRefusal {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim;
  // The walk starts at the largest perfect subtree that ends the old tree. If that is the whole
  // old tree, the verifier holds its hash already and the proof leaves it out.
  let last = oldSize - 1;
  let end = newSize - 1;
  while (isOdd(last)) {
    last = half(last);
    end = half(end);
  }
  const path = last === 0 ? [oldRoot, ...proof] : proof;
  const [seed, ...rest] = path;
  if (seed === undefined) return 'proof-length';
  const climbed = climb(rest, last, end, seed);
  if (climbed === undefined) return 'proof-length';
  if (!sameBytes(climbed.prefix, oldRoot)) return 'old-root-mismatch';
  return sameBytes(climbed.whole, newRoot) ? true : 'new-root-mismatch';
}

/**
 * Walks from node `index` of a level whose last node is `lastIndex` to the root. `whole` is the
 * root so reached; `prefix` takes only what lies to the left, which is the root of the tree that
 * ends at the node. `undefined` if the proof is too long or too short.
 */
function climb(
  proof: readonly Uint8Array[],
  index: number,
  lastIndex: number,
  start: Uint8Array,
): { readonly whole: Uint8Array; readonly prefix: Uint8Array } | undefined {
  let [node, last, whole, prefix] = [index, lastIndex, start, start];
  for (const sibling of proof) {
    if (last === 0) return undefined;
    if (isOdd(node) || node === last) {
      whole = nodeHash(sibling, whole);
      prefix = nodeHash(sibling, prefix);
      // A last node without a sibling rises as it is, up to where it is a right child.
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      whole = nodeHash(whole, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 ? { whole, prefix } : undefined;
}

// Bitwise operators cut to 32 bits, which would make sizes 2^32 apart the same: divide instead.
function half(value: number): number {
  return Math.floor(value / 2);
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === SHA256_BYTES;
}
