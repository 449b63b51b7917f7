import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '#ledger/digest';
import { GrowingTree } from '#ledger/growing-tree';
import { leafHash, rootOf } from '#ledger/merkle';
import { check } from '#test/support/property';

const KEPT = 1_024;
const MOST = 5_000;

const leaves = Array.from({ length: MOST }, (_, index) => `leaf ${index}`);
const hashes = leaves.map((one) => leafHash(Buffer.from(one)));

/** The root over the first leaves, reckoned from the leaves alone. */
const rootAt = (size: number): string => hex(rootOf(hashes.slice(0, size)));

function grown(size: number): GrowingTree {
  const tree = new GrowingTree();
  for (const leaf of leaves.slice(0, size)) tree.append(leaf);
  return tree;
}

describe('a tree that grows', () => {
  it('has the root of its leaves at every size', () => {
    const tree = new GrowingTree();
    for (const [size, leaf] of leaves.slice(0, 300).entries()) {
      expect([tree.size, hex(tree.root)]).toEqual([size, rootAt(size)]);
      tree.append(leaf);
    }
  });

  it('has the roots of the last trees, and of no others', () => {
    check(
      fc.property(fc.nat(MOST), fc.nat(MOST), (size, before) => {
        const root = grown(size).rootBefore(before);
        const isKept = before < size && before >= size - KEPT;
        expect(root === undefined ? undefined : hex(root)).toBe(
          isKept ? rootAt(before) : undefined,
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each([KEPT, KEPT + 1, 2 * KEPT, 2 * KEPT + 1, 4 * KEPT, 4 * KEPT + 3])(
    'has the root of every tree that it keeps, at %i leaves',
    (size) => {
      const tree = grown(size);
      for (let before = size - KEPT; before < size; before += 17)
        expect(hex(tree.rootBefore(before) ?? new Uint8Array())).toBe(rootAt(before));
    },
  );

  it('gives a root that stays as it is', () => {
    const tree = grown(1);
    const { root } = tree;
    for (const leaf of leaves) tree.append(leaf);
    expect(hex(root)).toBe(rootAt(1));
  });
});
