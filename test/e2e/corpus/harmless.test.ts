import { afterAll, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#domain/instant';
import { base64 } from '#ledger/digest';
import { startBase } from '#test/support/corpus/base';
import {
  entryAt,
  exportOf,
  withEntry,
  writtenLines,
  type Export,
} from '#test/support/corpus/export';
import { auditorOf } from '#test/support/corpus/verdict';
import { testKeys } from '#test/support/replay/sealed-log';

const base = await startBase();
const audit = auditorOf(base);
afterAll(() => base[Symbol.asyncDispose]());

const headed = (over: Partial<Export['header']>): Export => ({
  ...base.export,
  header: { ...base.export.header, ...over },
});

/** An approval whose timestamps come so much later than the entries behind it. */
async function signedLate(byMs: number): Promise<Export> {
  const index = base.indexOf('approval.given', 'more');
  const at = (base.history.entries[index]?.event.at ?? 0) + byMs;
  const { statement } = entryAt(base.export, index);
  const envelope = await base.signer.attest(statement, { email: 'ben@example.com', at });
  return exportOf(withEntry(base.export, index, { envelope }).entries, base.keys);
}

/** What the verifier must not take for a cheat: nothing of it is relied on. */
const HARMLESS: readonly (readonly [string, Export])[] = [
  ['a value erased', withEntry(base.export, base.indexOf('request.opened'), { openings: {} })],
  ['another time of the export', headed({ exportedAt: 0 })],
  ['another log key in the header', headed({ logKeys: [testKeys().vkey] })],
  [
    'the policies in another order',
    { ...base.export, policies: base.export.policies.toReversed() },
  ],
  [
    'the signature of a witness under the checkpoint',
    {
      ...base.export,
      checkpoint: `${base.export.checkpoint}— witness.example ${base64(new Uint8Array(68))}\n`,
    },
  ],
  ['an approval whose timestamp authority is 59 minutes ahead', await signedLate(59 * MINUTE_MS)],
  ['an approval whose timestamp authority is 59 minutes behind', await signedLate(-59 * MINUTE_MS)],
];

describe('what is no cheat', () => {
  it.each(HARMLESS)('is accepted: %s', async (_, of) => {
    const { report, words } = await audit(await writtenLines(of));
    expect(report.findings).toEqual([]);
    expect(words).toContain('VERIFIED');
  });
});
