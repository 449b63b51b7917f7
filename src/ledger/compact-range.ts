import { emptyRoot, nodeHash } from './merkle.ts';

/** A perfect subtree: level 0 are the leaves; it covers leaves index·2^level up to the next. */
export type TreeNode = { readonly level: number; readonly index: number };

export type HashedNode = TreeNode & { readonly hash: Uint8Array };

/**
 * All that an append needs of the tree before: its size, and the roots of the perfect subtrees
 * that it is made of, the largest first; one for each bit set in `size`.
 */
export type Frontier = { readonly size: number; readonly peaks: readonly Uint8Array[] };

export const EMPTY_FRONTIER: Frontier = { size: 0, peaks: [] };

/**
 * The frontier after `leafHashes`, and every perfect subtree that they complete, leaves included,
 * in the order of completion. Each node of a tree is completed once, so nodes can be stored in an
 * insert-only table. Throws RangeError if the peaks do not fit the size.
 */
export function appendLeaves(
  frontier: Frontier,
  leafHashes: readonly Uint8Array[],
): { readonly frontier: Frontier; readonly nodes: HashedNode[] } {
  checkFrontier(frontier);
  const peaks = [...frontier.peaks];
  const nodes: HashedNode[] = [];
  let { size } = frontier;
  for (const leaf of leafHashes) {
    nodes.push(...completeWith(leaf, size, peaks));
    size += 1;
  }
  if (!Number.isSafeInteger(size)) throw new RangeError('a tree of 2^53 leaves is full');
  return { frontier: { size, peaks }, nodes };
}

/** The root of the tree that the frontier stands for (RFC 6962 §2.1). */
export function rootOfFrontier(frontier: Frontier): Uint8Array {
  checkFrontier(frontier);
  const smallest = frontier.peaks.at(-1);
  if (smallest === undefined) return emptyRoot();
  return frontier.peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), smallest);
}

/** The perfect subtrees that a tree of `size` leaves is made of, the largest first. */
export function peaksOf(size: number): TreeNode[] {
  const peaks: TreeNode[] = [];
  let [rest, level] = [size, 0];
  while (rest > 0) {
    if (rest % 2 === 1) peaks.unshift({ level, index: rest - 1 });
    rest = Math.floor(rest / 2);
    level += 1;
  }
  return peaks;
}

// Adds the leaf at `index` to the peaks, joining equals as a binary counter carries.
function completeWith(leaf: Uint8Array, index: number, peaks: Uint8Array[]): HashedNode[] {
  let node: HashedNode = { level: 0, index, hash: leaf };
  const nodes = [node];
  while (node.index % 2 === 1) {
    const left = peaks.pop();
    if (left === undefined) throw new RangeError('the frontier lacks a peak');
    const hash = nodeHash(left, node.hash);
    node = { level: node.level + 1, index: Math.floor(node.index / 2), hash };
    nodes.push(node);
  }
  peaks.push(node.hash);
  return nodes;
}

function checkFrontier({ size, peaks }: Frontier): void {
  if (!Number.isSafeInteger(size) || size < 0 || bitsIn(size) !== peaks.length) {
    throw new RangeError(`${peaks.length} peaks do not make a tree of ${size} leaves`);
  }
}

// One peak stands for each bit.
function bitsIn(size: number): number {
  let [rest, bits] = [size, 0];
  while (rest > 0) {
    if (rest % 2 === 1) bits += 1;
    rest = Math.floor(rest / 2);
  }
  return bits;
}
