import { afterAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '#ledger/canonical-json';
import { startBase } from '#test/support/corpus/base';
import { expectFirst, expectRefused } from '#test/support/corpus/cheat';
import { ROTATIONS } from '#test/support/corpus/cheats/rotations';
import { entryAt, jsonOf, withEntry, writtenLines } from '#test/support/corpus/export';
import { jsonEdits } from '#test/support/corpus/json-edits';
import { rotatedExport, rotatedOf, rotationOf } from '#test/support/corpus/rotated';
import { tally } from '#test/support/corpus/tally';
import { auditorOf } from '#test/support/corpus/verdict';
import { checkpointOf } from '#test/support/replay/sealed-log';

const base = await startBase();
const audit = auditorOf(base);
const count = tally('keys that are replaced');
afterAll(async () => {
  count.print();
  await base[Symbol.asyncDispose]();
});

const honest = rotatedExport(base);

describe('a log whose keys were replaced', () => {
  it('verifies under the first keys and under the last, against a checkpoint of either', async () => {
    const lines = await writtenLines(honest);
    const { chain } = rotatedOf(base);
    const [first, last] = [base.keys, rotationOf(base, 'log', 1).to];
    const saved = [
      checkpointOf(honest.entries.slice(0, 30), chain.first),
      ...(honest.checkpoints ?? []).map(({ note }) => note),
    ];
    for (const { vkey } of [first, last])
      for (const savedCheckpoint of saved) {
        const { report } = await audit(lines, { logKeys: [vkey], savedCheckpoint });
        expect(report.findings).toEqual([]);
        expect(report.steps.map((one) => one.status)).not.toContain('refused');
        expect(report.tail).toBe('proved');
      }
  });
});

describe('a rotation', () => {
  it.each(ROTATIONS)('is refused: $name', async (cheat) => {
    await expectRefused(cheat, base, audit);
    count.refused();
  });

  it.each(['log', 'service'] as const)(
    'is refused with any field of its statement changed (%s key)',
    async (purpose) => {
      const { index } = rotationOf(base, purpose);
      const { statement } = entryAt(honest, index);
      for (const edit of jsonEdits(jsonOf(statement))) {
        const edited = withEntry(honest, index, { statement: canonicalJson(edit.apply()) });
        expectFirst(await audit(await writtenLines(edited)), {
          code: 'payload-differs',
          at: index,
        });
        count.refused();
      }
    },
  );
});
