import { expect, it } from 'vitest';
import { foldFindings, whereTold } from '#cli/folded-findings';

const unknown = (index: number) =>
  ({ index, code: 'service-key-unknown', message: 'Signed with key 00' }) as const;
const size = { index: null, code: 'size-differs', message: 'The export has 3' } as const;

it('tells what was found in many entries once, in the order of the first', () => {
  const folded = foldFindings([unknown(1), size, unknown(2), unknown(3), unknown(7), unknown(7)]);
  expect(folded.map(whereTold)).toEqual(['entries 1–3, 7', 'log']);
  expect(folded.map((one) => one.times)).toEqual([5, 1]);
});

it('tells one entry as one', () => {
  expect(foldFindings([unknown(4)]).map(whereTold)).toEqual(['entry 4']);
});
