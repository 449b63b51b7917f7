import { expect, it } from 'vitest';
import { formatAddCheckpoint, parseConflict } from '#ledger/add-checkpoint';
import { parseBase64 } from '#ledger/digest';

// The example of C2SP tlog-witness, "add-checkpoint".
const HASHES = [
  'PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=',
  'jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=',
  '5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=',
  '/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=',
];
const CHECKPOINT =
  'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
  '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';

it('writes the published request', () => {
  const proof = HASHES.map((hash) => parseBase64(hash) ?? new Uint8Array(0));
  expect(formatAddCheckpoint({ oldSize: 20_852_014, proof, checkpoint: CHECKPOINT })).toBe(
    `old 20852014\n${HASHES.join('\n')}\n\n${CHECKPOINT}`,
  );
  expect(formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint: CHECKPOINT })).toBe(
    `old 0\n\n${CHECKPOINT}`,
  );
});

it('sends no more than 63 hashes', () => {
  const proof = Array.from({ length: 64 }, () => new Uint8Array(32));
  expect(() => formatAddCheckpoint({ oldSize: 1, proof, checkpoint: CHECKPOINT })).toThrow(
    RangeError,
  );
});

it.each([
  ['0\n', 0],
  ['20852014\n', 20_852_014],
  ['9007199254740991\n', Number.MAX_SAFE_INTEGER],
  ['9007199254740993\n', undefined],
  ['007\n', undefined],
  ['7', undefined],
  ['-7\n', undefined],
  ['7 \n', undefined],
  ['', undefined],
])('reads the size in the body of a conflict: %j', (body, size) => {
  expect(parseConflict(body)).toBe(size);
});
