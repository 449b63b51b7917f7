import { describe, expect, it } from 'vitest';
import { appendLeaves, EMPTY_FRONTIER, peaksOf, rootOfFrontier } from '#ledger/compact-range';
import { hex } from '#ledger/digest';
import { emptyRoot, leafHash, nodeHash } from '#ledger/merkle';
import { assembleProof, consistencyNodes, inclusionNodes } from '#ledger/proof-nodes';

const [a, b, c] = [1, 2, 3].map((byte) => leafHash(Uint8Array.of(byte))) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

describe('the frontier of a tree', () => {
  it('starts with the empty root', () => {
    expect(hex(rootOfFrontier(EMPTY_FRONTIER))).toBe(hex(emptyRoot()));
  });

  it('names the nodes that an append completes, in order', () => {
    const { frontier, nodes } = appendLeaves(EMPTY_FRONTIER, [a, b, c]);
    expect(frontier).toEqual({ size: 3, peaks: [nodeHash(a, b), c] });
    expect(nodes).toEqual([
      { level: 0, index: 0, hash: a },
      { level: 0, index: 1, hash: b },
      { level: 1, index: 0, hash: nodeHash(a, b) },
      { level: 0, index: 2, hash: c },
    ]);
    expect(hex(rootOfFrontier(frontier))).toBe(hex(nodeHash(nodeHash(a, b), c)));
  });

  it('leaves the frontier before it as it was', () => {
    const before = appendLeaves(EMPTY_FRONTIER, [a]).frontier;
    appendLeaves(before, [b]);
    expect(before).toEqual({ size: 1, peaks: [a] });
    expect(EMPTY_FRONTIER).toEqual({ size: 0, peaks: [] });
  });

  it('is refused when peaks and size do not fit, before anything is built on it', () => {
    expect(() => appendLeaves({ size: 3, peaks: [a] }, [b])).toThrow(RangeError);
    expect(() => rootOfFrontier({ size: 4, peaks: [a, b] })).toThrow(RangeError);
    expect(() => rootOfFrontier({ size: -1, peaks: [] })).toThrow(RangeError);
  });

  it('is refused when the tree is full', () => {
    const peaks = peaksOf(Number.MAX_SAFE_INTEGER).map(() => a);
    expect(() => appendLeaves({ size: Number.MAX_SAFE_INTEGER, peaks }, [b])).toThrow(RangeError);
  });
});

describe('the stored nodes of a proof', () => {
  it('are named by level and index', () => {
    expect(inclusionNodes(0, 7)).toEqual([
      [{ level: 0, index: 1 }],
      [{ level: 1, index: 1 }],
      [
        { level: 1, index: 2 },
        { level: 0, index: 6 },
      ],
    ]);
    expect(consistencyNodes(3, 7)).toEqual([
      [{ level: 0, index: 2 }],
      [{ level: 0, index: 3 }],
      [{ level: 1, index: 0 }],
      [
        { level: 1, index: 2 },
        { level: 0, index: 6 },
      ],
    ]);
    expect(consistencyNodes(0, 7)).toEqual([]);
    expect(consistencyNodes(7, 7)).toEqual([]);
  });

  it('are missed when the store has lost one', () => {
    expect(() => assembleProof(inclusionNodes(0, 2), () => undefined)).toThrow(RangeError);
  });

  it.each([
    [-1, 7],
    [7, 7],
    [0.5, 7],
    [0, 2 ** 53],
  ])('do not exist for leaf %d of %d', (index, size) => {
    expect(() => inclusionNodes(index, size)).toThrow(RangeError);
  });

  it.each([
    [-1, 7],
    [8, 7],
    [0.5, 7],
    [1, 2 ** 53],
  ])('do not exist between sizes %d and %d', (oldSize, size) => {
    expect(() => consistencyNodes(oldSize, size)).toThrow(RangeError);
  });
});
