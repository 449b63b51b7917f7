import { describe, expect, it } from 'vitest';
import { hex } from '#ledger/digest';
import {
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
} from '#ledger/merkle';

// The reference tree of Certificate Transparency: its leaves, and its root at each size.
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const hashes = LEAVES.map((leaf) => leafHash(Buffer.from(leaf, 'hex')));
const hexes = (proof: readonly Uint8Array[]): string[] => proof.map(hex);

describe('the Merkle tree of RFC 6962', () => {
  it('hashes nothing for the empty tree', () => {
    expect(hex(emptyRoot())).toBe(ROOTS[0]);
  });

  it('gives the published root of the reference tree at each size', () => {
    expect(ROOTS.map((_, size) => hex(rootOf(hashes.slice(0, size))))).toEqual(ROOTS);
  });

  it('keeps leaves and nodes apart', () => {
    const [left, right] = [leafHash(Uint8Array.of(1)), leafHash(Uint8Array.of(2))];
    expect(hex(leafHash(Buffer.concat([left, right])))).not.toBe(hex(nodeHash(left, right)));
  });

  it('gives the published audit paths of the reference tree', () => {
    expect(hexes(inclusionProof(hashes.slice(0, 1), 0))).toEqual([]);
    expect(hexes(inclusionProof(hashes, 0))).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(hexes(inclusionProof(hashes.slice(0, 3), 2))).toEqual([ROOTS[2]]);
  });

  it('gives the published consistency proofs of the reference tree', () => {
    expect(hexes(consistencyProof(hashes, 1))).toEqual(hexes(inclusionProof(hashes, 0)));
    expect(hexes(consistencyProof(hashes, 6))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(hexes(consistencyProof(hashes.slice(0, 5), 2))).toEqual([
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ]);
  });

  it('needs no proof from the empty tree nor from the tree itself', () => {
    expect(consistencyProof(hashes, 0)).toEqual([]);
    expect(consistencyProof(hashes, 8)).toEqual([]);
  });

  it.each([-1, 8, 0.5, Number.NaN, 2 ** 53])('has no leaf %d among eight', (index) => {
    expect(() => inclusionProof(hashes, index)).toThrow(RangeError);
  });

  it.each([-1, 9, 0.5, Number.NaN, 2 ** 53])('has no size %d among eight', (size) => {
    expect(() => consistencyProof(hashes, size)).toThrow(RangeError);
  });
});
