import { afterAll, describe, expect, it } from 'vitest';
import { startBase } from '#test/support/corpus/base';
import { expectRefused } from '#test/support/corpus/cheat';
import { CERTIFICATES } from '#test/support/corpus/cheats/certificates';
import { WITNESSES } from '#test/support/corpus/cheats/witnesses';
import { jsonEdits } from '#test/support/corpus/json-edits';
import { entryAt, withEntry, writtenLines } from '#test/support/corpus/export';
import { tally } from '#test/support/corpus/tally';
import { auditorOf } from '#test/support/corpus/verdict';

const base = await startBase();
const audit = auditorOf(base);
const count = tally('certificates, timestamps and log entries of an approval');
afterAll(async () => {
  count.print();
  await base[Symbol.asyncDispose]();
});

describe.each([
  ['a certificate', CERTIFICATES],
  ['a witness', WITNESSES],
])('a cheat with %s', (_, cheats) => {
  it.each(cheats)('is refused: $name', async (cheat) => {
    await expectRefused(cheat, base, audit);
    count.refused();
  });
});

/**
 * What proves nothing in a bundle, and so is held by nothing in it: only the tree sees it change.
 * Without the log's promise its proof stands; the rest is a hint, or another spelling of base64.
 */
const HELD_BY_THE_TREE = [
  '$.verificationMaterial.tlogEntries[0].inclusionPromise removed',
  '$.dsseEnvelope.signatures[0].keyid removed',
  '$.dsseEnvelope.signatures[0].keyid changed',
];

describe('every field of a bundle', { timeout: 120_000 }, () => {
  it('is held: changed, removed or added, the approval or the tree is refused', async () => {
    const index = base.indexOf('approval.given', 'more');
    const { envelope } = entryAt(base.export, index);
    const byTheTree: string[] = [];
    const codes = new Set<string>();
    for (const { path, what, apply } of jsonEdits(envelope)) {
      const lines = await writtenLines(withEntry(base.export, index, { envelope: apply() }));
      const { report } = await audit(lines);
      const [first] = report.findings;
      codes.add(first?.code ?? 'none');
      expect({ path, what, ok: report.ok }).toMatchObject({ ok: false });
      if (first?.code === 'root-differs') byTheTree.push(`${path} ${what}`);
      else expect({ path, what, index: first?.index }).toMatchObject({ index });
      count.refused();
    }
    expect([...codes].sort()).toEqual([
      'bundle-refused',
      'envelope-malformed',
      'payload-differs',
      'payload-type-wrong',
      'root-differs',
    ]);
    const stray = byTheTree.filter((one) => one.endsWith(' added'));
    expect(byTheTree.filter((one) => !stray.includes(one))).toEqual(HELD_BY_THE_TREE);
  });
});
