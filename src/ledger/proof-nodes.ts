import { peaksOf } from './compact-range.ts';
import type { TreeNode } from './compact-range.ts';
import { nodeHash } from './merkle.ts';

/**
 * One hash of a proof, as the stored nodes that it is folded from, left to right. Most are one
 * node; the ragged right edge of a tree is several, since only perfect subtrees are stored.
 */
export type ProofPart = readonly TreeNode[];

/** Reads a stored node. `undefined` for a node that is not there. */
export type NodeLookup = (level: number, index: number) => Uint8Array | undefined;

/** The nodes for the inclusion proof of leaf `index` in a tree of `size` (RFC 6962 §2.1.1). */
export function inclusionNodes(index: number, size: number): ProofPart[] {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  }
  return pathFrom({ level: 0, index }, size);
}

/**
 * The nodes for the proof that a tree of `oldSize` is a prefix of the tree of `size`
 * (RFC 6962 §2.1.2). None for `oldSize` 0 and for equal sizes.
 */
export function consistencyNodes(oldSize: number, size: number): ProofPart[] {
  const sane = Number.isSafeInteger(size) && Number.isSafeInteger(oldSize);
  if (!sane || oldSize < 0 || oldSize > size) {
    throw new RangeError(`no size ${oldSize} in a tree of ${size}`);
  }
  const start = peaksOf(oldSize).at(-1);
  if (start === undefined || oldSize === size) return [];
  const path = pathFrom(start, size);
  // A perfect old tree is known to the verifier by its root and is left out.
  return start.index === 0 ? path : [[start], ...path];
}

/** All nodes of the parts, for one read of the store. No node is named twice. */
export function nodesOf(parts: readonly ProofPart[]): TreeNode[] {
  return parts.flat();
}

/**
 * The proof's hashes from the stored nodes. Throws RangeError for a node that is missing: the
 * store has lost a part of the log, and no proof can be given for it.
 */
export function assembleProof(parts: readonly ProofPart[], lookup: NodeLookup): Uint8Array[] {
  return parts.map((part) => {
    const hashes = part.map(({ level, index }) => {
      const hash = lookup(level, index);
      if (hash === undefined) throw new RangeError(`node ${index} of level ${level} is missing`);
      return hash;
    });
    return hashes.reduceRight((right, left) => nodeHash(left, right));
  });
}

// The siblings on the way from a perfect subtree to the root, as RFC 9162 §2.1.3.2 walks it.
function pathFrom(start: TreeNode, size: number): ProofPart[] {
  const parts: ProofPart[] = [];
  let { level, index } = start;
  let width = 2 ** level;
  let last = Math.floor((size - 1) / width);
  while (last > 0) {
    if (index % 2 === 1) parts.push([{ level, index: index - 1 }]);
    else if (index < last) parts.push(subtree({ level, index: index + 1 }, width, size));
    index = Math.floor(index / 2);
    last = Math.floor(last / 2);
    level += 1;
    width *= 2;
  }
  return parts;
}

// A right sibling may be cut short by the end of the tree: then it is the peaks of what is there.
function subtree(node: TreeNode, width: number, size: number): ProofPart {
  const from = node.index * width;
  const count = size - from;
  if (count >= width) return [node];
  return peaksOf(count).map(({ level, index }) => ({
    level,
    index: index + from / 2 ** level,
  }));
}
