import { afterAll, describe, expect, it } from 'vitest';
import { startBase } from '#test/support/corpus/base';
import { expectRefused } from '#test/support/corpus/cheat';
import { BESIDE_THE_LOG } from '#test/support/corpus/cheats/beside-the-log';
import { CHECKPOINTS } from '#test/support/corpus/cheats/checkpoints';
import { ENVELOPES } from '#test/support/corpus/cheats/envelopes';
import { FORGED_STATEMENTS } from '#test/support/corpus/cheats/forged-statements';
import { UNREADABLE } from '#test/support/corpus/cheats/lines';
import { RESPELLED } from '#test/support/corpus/cheats/respelled';
import { writtenLines } from '#test/support/corpus/export';
import { tally } from '#test/support/corpus/tally';
import { auditorOf } from '#test/support/corpus/verdict';

const base = await startBase();
const audit = auditorOf(base);
const count = tally('envelopes, values, policies, headers and checkpoints');
afterAll(async () => {
  count.print();
  await base[Symbol.asyncDispose]();
});

describe.each([
  ['an envelope of the service', ENVELOPES],
  ['what stands beside the log', BESIDE_THE_LOG],
  ['a checkpoint', CHECKPOINTS],
  ['a statement that the service signed', FORGED_STATEMENTS],
])('a cheat with %s', (_, cheats) => {
  it.each(cheats)('is refused: $name', async (cheat) => {
    await expectRefused(cheat, base, audit);
    count.refused();
  });
});

describe('lines that are none of an export', () => {
  it.each([...UNREADABLE, ...RESPELLED])(
    'end the reading: $name',
    async ({ apply, line, words: expected }) => {
      const { report, words } = await audit(apply(await writtenLines(base.export)));
      expect(report).toMatchObject({ ok: false, readable: false });
      expect(report.findings.at(-1)).toMatchObject({ index: null, code: 'export-unreadable' });
      const [why = ''] = expected.split('. ');
      expect(words).toContain(`Line ${line} cannot be read: ${why}`);
      expect(words).toContain(`UNREADABLE: line ${line} cannot be read: ${expected}`);
      count.refused();
    },
  );
});
