import { afterAll, describe, expect, it } from 'vitest';
import { startBase } from '#test/support/corpus/base';
import { expectFirst, expectRefused } from '#test/support/corpus/cheat';
import {
  REARRANGED,
  rearranged,
  rearrangedByTheLog,
  renumbered,
  savedAt,
  TRUNCATED,
} from '#test/support/corpus/cheats/order';
import { exportOf, writtenLines } from '#test/support/corpus/export';
import { tally } from '#test/support/corpus/tally';
import { auditorOf } from '#test/support/corpus/verdict';

const base = await startBase();
const audit = auditorOf(base);
const count = tally('entries moved, removed and repeated');
const { entries } = base.export;
afterAll(async () => {
  count.print();
  await base[Symbol.asyncDispose]();
});

const last = entries.length - 1;
/** Every place at which the rearrangement changes something. */
const places = (name: string) =>
  entries.map((_, at) => at).filter((at) => at < last || !/swapped|moved/.test(name));

describe.each(Object.entries(REARRANGED))('each entry %s', { timeout: 120_000 }, (name, how) => {
  it('is refused at its place, in the file as it stands', async () => {
    for (const at of places(name)) {
      const verdict = await audit(await writtenLines(rearranged(base, how, at)));
      // The last entry leaves no gap behind it: the checkpoint misses it.
      const truncated = name === 'deleted' && at === last;
      const gap = { code: 'index-gap', at: name === 'duplicated' ? at : at + 1 } as const;
      expectFirst(verdict, truncated ? { code: 'size-differs', at: null } : gap);
      count.refused();
    }
  });

  it('is refused by the checkpoint when the indices are made to fit', async () => {
    for (const at of places(name)) {
      const { report, words } = await audit(await writtenLines(renumbered(base, how, at)));
      const codes = report.findings.map((one) => one.code);
      expect(codes.some((code) => code === 'size-differs' || code === 'root-differs')).toBe(true);
      expect(words).toContain('✗ REFUSED  inclusion');
      expect(firstIndex(report.findings)).toBeGreaterThanOrEqual(at);
      count.refused();
    }
  });

  it('is refused by the checkpoint that was saved when who holds the key signs anew', async () => {
    for (const at of places(name)) {
      const savedCheckpoint = savedAt(base, at < last && name === 'deleted' ? last : last + 1);
      const lines = await writtenLines(rearrangedByTheLog(base, how, at));
      const { report, words } = await audit(lines, { savedCheckpoint });
      const codes = report.findings.map((one) => one.code);
      // Behind what the checkpoint covers the log may grow; a repeated entry is told by itself.
      const grown = name === 'duplicated' && at === last;
      const shrunk = name === 'deleted' && at === last;
      const differs = shrunk ? 'saved-checkpoint-ahead' : 'saved-root-differs';
      expect(codes).toContain(grown ? 'entry-repeated' : differs);
      expect(words).toContain(`✗ REFUSED  ${grown ? 'replay' : 'consistency'}`);
      expect(words).toContain('✓ proved  inclusion');
      count.refused();
    }
  });
});

describe('the end of the log', () => {
  it.each(TRUNCATED)('$name', async (cheat) => {
    await expectRefused(cheat, base, audit);
    count.refused();
  });

  it('is called unproven wherever it may have been cut off and nobody saved a checkpoint', async () => {
    for (const size of [1, 10, 11, 23, 44, last]) {
      const lines = await writtenLines(exportOf(entries.slice(0, size), base.keys));
      const { report, words } = await audit(lines);
      expect(report).toMatchObject({ ok: true, tail: 'unproven' });
      expect(words).toContain('Tail unproven');
    }
  });
});

function firstIndex(findings: readonly { readonly index: number | null }[]): number {
  return findings[0]?.index ?? Number.POSITIVE_INFINITY;
}
