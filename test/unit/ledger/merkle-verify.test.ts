import { describe, expect, it } from 'vitest';
import { consistencyProof, emptyRoot, inclusionProof, leafHash, rootOf } from '#ledger/merkle';
import { verifyConsistency, verifyInclusion } from '#ledger/merkle-verify';
import type { ConsistencyClaim, InclusionClaim } from '#ledger/merkle-verify';

const hashes = [0, 1, 2, 3, 4, 5, 6].map((byte) => leafHash(Uint8Array.of(byte)));
const [first, second] = hashes as [Uint8Array, Uint8Array];
const root = rootOf(hashes);
const oldRoot = rootOf(hashes.slice(0, 3));
const short = new Uint8Array(31);

const included: InclusionClaim = {
  leafHash: second,
  index: 1,
  size: 7,
  proof: inclusionProof(hashes, 1),
  root,
};

const grown: ConsistencyClaim = {
  oldSize: 3,
  newSize: 7,
  oldRoot,
  newRoot: root,
  proof: consistencyProof(hashes, 3),
};

describe('an inclusion proof', () => {
  it('is accepted for its own leaf', () => {
    expect(verifyInclusion(included)).toBe(true);
  });

  it.each<[string, Partial<InclusionClaim>, string]>([
    ['another leaf', { leafHash: first }, 'root-mismatch'],
    ['another index', { index: 2 }, 'root-mismatch'],
    ['another root', { root: oldRoot }, 'root-mismatch'],
    ['an index at the end', { index: 7 }, 'index-out-of-range'],
    ['a negative index', { index: -1 }, 'index-out-of-range'],
    ['half an index', { index: 0.5 }, 'index-out-of-range'],
    ['an empty tree', { index: 0, size: 0 }, 'index-out-of-range'],
    ['a size beyond 2^53', { size: 2 ** 53 }, 'size-out-of-range'],
    ['a size of 2^64', { size: 2 ** 64 }, 'size-out-of-range'],
    ['an index of 2^64', { index: 2 ** 64 }, 'index-out-of-range'],
    ['no size', { size: Number.NaN }, 'size-out-of-range'],
    ['a short root', { root: short }, 'hash-length'],
    ['a short leaf hash', { leafHash: short }, 'hash-length'],
    ['a short hash within', { proof: [short, ...included.proof.slice(1)] }, 'hash-length'],
    ['a hash too few', { proof: included.proof.slice(1) }, 'proof-length'],
    ['a hash too many', { proof: [...included.proof, first] }, 'proof-length'],
  ])('is refused for %s', (_, change, code) => {
    expect(verifyInclusion({ ...included, ...change })).toBe(code);
  });

  it('does not confuse sizes that are 2^32 apart', () => {
    expect(verifyInclusion({ ...included, size: 7 + 2 ** 32 })).toBe('proof-length');
    expect(verifyInclusion({ ...included, index: 1 + 2 ** 32, size: 7 + 2 ** 32 })).toBe(
      'proof-length',
    );
  });
});

describe('a consistency proof', () => {
  it('is accepted for honest growth', () => {
    expect(verifyConsistency(grown)).toBe(true);
  });

  it.each<[string, Partial<ConsistencyClaim>, string]>([
    ['another old root', { oldRoot: root }, 'old-root-mismatch'],
    ['another new root', { newRoot: oldRoot }, 'new-root-mismatch'],
    ['a shrunk tree', { oldSize: 7, newSize: 3 }, 'old-tree-larger'],
    ['an empty old tree', { oldSize: 0, oldRoot: emptyRoot(), proof: [] }, 'old-tree-empty'],
    ['a negative size', { oldSize: -1 }, 'size-out-of-range'],
    ['a size beyond 2^53', { newSize: 2 ** 53 }, 'size-out-of-range'],
    ['a short old root', { oldRoot: short }, 'hash-length'],
    ['a short hash within', { proof: [short, ...grown.proof.slice(1)] }, 'hash-length'],
    ['no hashes', { proof: [] }, 'proof-length'],
    ['a hash too few', { proof: grown.proof.slice(0, -1) }, 'proof-length'],
    ['a hash too many', { proof: [...grown.proof, first] }, 'proof-length'],
    ['equal sizes with a proof', { oldSize: 7, oldRoot: root }, 'proof-length'],
    ['equal sizes and two roots', { oldSize: 7, proof: [] }, 'new-root-mismatch'],
  ])('is refused for %s', (_, change, code) => {
    expect(verifyConsistency({ ...grown, ...change })).toBe(code);
  });

  it('needs no hashes between equal trees', () => {
    expect(verifyConsistency({ ...grown, oldSize: 7, oldRoot: root, proof: [] })).toBe(true);
  });
});
