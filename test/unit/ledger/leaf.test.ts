import { expect, it } from 'vitest';
import { digestOf, hex } from '#ledger/digest';
import { leafBytes } from '#ledger/leaf';
import { leafHash } from '#ledger/merkle';

it('the leaf of an entry is canonical JSON over its two digests', () => {
  const bytes = leafBytes(digestOf('statement'), digestOf('envelope'));
  expect(new TextDecoder().decode(bytes)).toBe(
    `{"envelope":"${digestOf('envelope')}","statement":"${digestOf('statement')}","v":1}`,
  );
});

it('the leaf hash of a known entry never changes', () => {
  expect(hex(leafHash(leafBytes(digestOf('statement'), digestOf('envelope'))))).toBe(
    '9b94ec78cd801356aa0720007eb5490a09856826fdb02f13f59cece598f15ebf',
  );
});
