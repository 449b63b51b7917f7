import { expect, test } from 'vitest';
import { encode, unsigned } from '#sigstore/der';

test.for([
  ['00', '020100'],
  ['0000', '020100'],
  ['7f', '02017f'],
  ['80', '02020080'],
  // Zeros in front that nothing needs: OpenSSL refuses an integer with them.
  ['0012', '020112'],
  ['00007f01', '02027f01'],
  ['0080', '02020080'],
  ['ff00ff00ff', '020600ff00ff00ff'],
] as const)('the unsigned integer %s is written as %s', ([bytes, der]) => {
  expect(encode(unsigned(Buffer.from(bytes, 'hex'))).toString('hex')).toBe(der);
});
