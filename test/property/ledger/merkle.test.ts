import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendLeaves, EMPTY_FRONTIER, rootOfFrontier } from '#ledger/compact-range';
import { hex } from '#ledger/digest';
import { consistencyProof, inclusionProof, leafHash, rootOf } from '#ledger/merkle';
import { verifyConsistency, verifyInclusion } from '#ledger/merkle-verify';
import { assembleProof, consistencyNodes, inclusionNodes, nodesOf } from '#ledger/proof-nodes';
import { check } from '#test/support/property';

const leaves = Array.from({ length: 140 }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));
const tree = (size: number): Uint8Array[] => leaves.slice(0, size);
const leafAt = (index: number): Uint8Array => leaves[index] ?? new Uint8Array(0);

/** A tree's size, and a leaf or an earlier size below it. */
const sizeAndBelow = fc
  .integer({ min: 1, max: leaves.length })
  .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));

const stored = new Map(
  appendLeaves(EMPTY_FRONTIER, leaves).nodes.map(({ level, index, hash }) => [
    `${level}/${index}`,
    hash,
  ]),
);
const lookup = (level: number, index: number): Uint8Array | undefined =>
  stored.get(`${level}/${index}`);

function flip(hash: Uint8Array, bit: number): Uint8Array {
  return hash.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

describe('the Merkle tree', () => {
  it('proves each leaf of each tree', () => {
    check(
      fc.property(sizeAndBelow, ([size, index]) => {
        const proof = inclusionProof(tree(size), index);
        const claim = { leafHash: leafAt(index), index, size, proof, root: rootOf(tree(size)) };
        expect(verifyInclusion(claim)).toBe(true);
      }),
    );
  });

  it('proves no leaf at another index or under another hash', () => {
    check(
      fc.property(sizeAndBelow, fc.nat(leaves.length), fc.nat(255), ([size, index], other, bit) => {
        const proof = inclusionProof(tree(size), index);
        const claim = { leafHash: leafAt(index), index, size, proof, root: rootOf(tree(size)) };
        if (other !== index) expect(verifyInclusion({ ...claim, index: other })).not.toBe(true);
        expect(verifyInclusion({ ...claim, leafHash: flip(claim.leafHash, bit) })).not.toBe(true);
        expect(verifyInclusion({ ...claim, root: flip(claim.root, bit) })).not.toBe(true);
      }),
    );
  });

  it('proves growth between any two sizes', () => {
    check(
      fc.property(sizeAndBelow, ([newSize, below]) => {
        const oldSize = below + 1;
        const claim = {
          oldSize,
          newSize,
          oldRoot: rootOf(tree(oldSize)),
          newRoot: rootOf(tree(newSize)),
          proof: consistencyProof(tree(newSize), oldSize),
        };
        expect(verifyConsistency(claim)).toBe(true);
      }),
    );
  });

  it('finds out an edited, removed, moved or inserted old leaf', () => {
    const edit = fc.constantFrom('edit', 'remove', 'move', 'insert');
    check(
      fc.property(sizeAndBelow, fc.nat(), edit, ([newSize, below], pick, how) => {
        const oldSize = below + 1;
        const at = pick % oldSize;
        const forged = tree(newSize + 1);
        if (how === 'edit') forged[at] = flip(leafAt(at), 7);
        if (how === 'remove') forged.splice(at, 1);
        if (how === 'move') forged.push(...forged.splice(at, 1));
        if (how === 'insert') forged.splice(at, 0, leafHash(Buffer.from('inserted')));
        fc.pre(forged.length >= oldSize);
        const same = forged.slice(0, oldSize).every((leaf, i) => hex(leaf) === hex(leafAt(i)));
        fc.pre(!same);
        const claim = {
          oldSize,
          newSize: forged.length,
          oldRoot: rootOf(tree(oldSize)),
          newRoot: rootOf(forged),
          proof: consistencyProof(forged, oldSize),
        };
        expect(verifyConsistency(claim)).not.toBe(true);
      }),
    );
  });
});

describe('the frontier', () => {
  it('gives the root of the tree, however the leaves arrive', () => {
    const batches = fc.array(fc.nat(9), { maxLength: 15 });
    check(
      fc.property(batches, (counts) => {
        let frontier = EMPTY_FRONTIER;
        for (const count of counts) {
          const next = leaves.slice(frontier.size, frontier.size + count);
          ({ frontier } = appendLeaves(frontier, next));
        }
        expect(hex(rootOfFrontier(frontier))).toBe(hex(rootOf(tree(frontier.size))));
      }),
    );
  });

  it('completes each perfect subtree once, with the root of its leaves', () => {
    check(
      fc.property(fc.nat(leaves.length), fc.nat(leaves.length), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const before = appendLeaves(EMPTY_FRONTIER, tree(from));
        const after = appendLeaves(before.frontier, leaves.slice(from, to));
        const nodes = [...before.nodes, ...after.nodes];
        const names = new Set(nodes.map(({ level, index }) => `${level}/${index}`));
        expect(names.size).toBe(nodes.length);
        for (let level = 0; 2 ** level <= to; level += 1) {
          const count = nodes.filter((node) => node.level === level).length;
          expect(count).toBe(Math.floor(to / 2 ** level));
        }
        for (const { level, index, hash } of nodes) {
          const covered = leaves.slice(index * 2 ** level, (index + 1) * 2 ** level);
          expect(hex(hash)).toBe(hex(rootOf(covered)));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('stores each perfect subtree under a root that any old size can be proven from', () => {
    check(
      fc.property(sizeAndBelow, ([size, below]) => {
        const inclusion = inclusionNodes(below, size);
        expect(assembleProof(inclusion, lookup).map(hex)).toEqual(
          inclusionProof(tree(size), below).map(hex),
        );
        const consistency = consistencyNodes(below + 1, size);
        expect(assembleProof(consistency, lookup).map(hex)).toEqual(
          consistencyProof(tree(size), below + 1).map(hex),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('reads no more nodes than twice the height of the tree, each once, even in huge trees', () => {
    const size = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    check(
      fc.property(
        size,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (n, part) => {
          const below = Math.floor(n * part);
          fc.pre(below < n);
          for (const parts of [inclusionNodes(below, n), consistencyNodes(below, n)]) {
            const nodes = nodesOf(parts);
            expect(nodes.length).toBeLessThanOrEqual(2 * 53);
            expect(new Set(nodes.map((node) => `${node.level}/${node.index}`)).size).toBe(
              nodes.length,
            );
            for (const { level, index } of nodes) {
              expect((index + 1) * 2 ** level).toBeLessThanOrEqual(n);
            }
          }
        },
      ),
    );
  });
});
