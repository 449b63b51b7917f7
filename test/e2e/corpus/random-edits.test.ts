import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { startBase } from '#test/support/corpus/base';
import { sameBytes } from '#ledger/digest';
import { entryAt, writtenLines, type Export } from '#test/support/corpus/export';
import { applyEdit, randomEdit, type RandomEdit } from '#test/support/corpus/random-edits';
import { tally } from '#test/support/corpus/tally';
import { auditorOf } from '#test/support/corpus/verdict';
import { settings } from '#test/support/property';

const base = await startBase();
const audit = auditorOf(base);
const honest = await writtenLines(base.export);
const count = tally('random edits, several at once');
afterAll(async () => {
  count.print();
  await base[Symbol.asyncDispose]();
});

/** The export after all edits, and the lowest entry that any of them touched. */
function edited(edits: readonly RandomEdit[]): { of: Export; lowest: number } {
  let of = base.export;
  let lowest = Number.POSITIVE_INFINITY;
  for (const edit of edits) {
    const next = applyEdit(of, edit);
    of = next.export;
    lowest = Math.min(lowest, next.touched ?? lowest);
  }
  return { of, lowest };
}

describe('an export that was edited at random', { timeout: 120_000 }, () => {
  it('is refused, and nothing is found before the first entry that was touched', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomEdit, { minLength: 1, maxLength: 5 }), async (edits) => {
        const { of, lowest } = edited(edits);
        const lines = await writtenLines(of);
        fc.pre(lines.join('\n') !== honest.join('\n'));
        const { report } = await audit(lines);
        expect(report.ok).toBe(false);
        const [first] = report.findings;
        expect(first?.index ?? lowest).toBeGreaterThanOrEqual(lowest === Infinity ? 0 : lowest);
        count.refused();
      }),
      settings({ numRuns: 100 }),
    );
  });

  it('is refused at the first entry whose statement was edited', async () => {
    const statements = fc.array(
      randomEdit.map((edit) => ({ ...edit, what: 'statement' as const })),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(statements, async (edits) => {
        const { of } = edited(edits);
        const changed = of.entries.findIndex(
          ({ statement }, index) => !sameBytes(statement, entryAt(base.export, index).statement),
        );
        const lines = await writtenLines(of);
        fc.pre(lines.join('\n') !== honest.join('\n'));
        const { report } = await audit(lines);
        expect(report.findings[0]).toMatchObject({ index: changed, code: 'payload-differs' });
        count.refused();
      }),
      settings({ numRuns: 100 }),
    );
  });
});
