import { afterAll, describe, expect, it } from 'vitest';
import type { FindingCode } from '#ledger/verify/words';
import { startBase } from '#test/support/corpus/base';
import { expectRefused } from '#test/support/corpus/cheat';
import { BINDINGS } from '#test/support/corpus/cheats/bindings';
import { SIGN_INS } from '#test/support/corpus/cheats/sign-ins';
import { WITNESSED } from '#test/support/corpus/cheats/witnessed';
import { WORKLOADS } from '#test/support/corpus/cheats/workload';
import { independentSignIns } from '#test/support/replay/independent-sign-ins';
import { tally } from '#test/support/corpus/tally';
import { auditorOf } from '#test/support/corpus/verdict';

const base = await startBase();
const audit = auditorOf(base);
const count = tally('sign-ins, bindings, provider keys and the workload');
afterAll(async () => {
  count.print();
  await base[Symbol.asyncDispose]();
});

describe.each([
  ['a sign-in', SIGN_INS],
  ['a binding or keys of a provider', BINDINGS],
  ['the workload', WORKLOADS],
  ['a cosignature', WITNESSED],
])('a cheat with %s', (_, cheats) => {
  it.each(cheats)('is refused: $name', async (cheat) => {
    await expectRefused(cheat, base, audit);
    count.refused();
  });
});

/** What only certificates, the form of keys, the mode and the time of signing tell. */
const NOT_ITS_MATTER: readonly FindingCode[] = [
  'certificate-other-account',
  'id-token-other-certificate',
  'id-token-time',
  'sign-in-mode',
  'sign-in-at-broker',
  'provider-keys-wrong',
];

describe('a second reader, which shares no rule with the first', () => {
  it('finds nothing wrong with the honest log', async () => {
    expect(await independentSignIns(base.export.entries)).toEqual([]);
  });

  it.each([...SIGN_INS, ...BINDINGS].filter((one) => !NOT_ITS_MATTER.includes(one.refused.code)))(
    'finds something wrong too: $name',
    async ({ apply }) => {
      expect(await independentSignIns((await apply(base)).entries)).not.toEqual([]);
    },
  );
});
