import { afterAll, describe, it } from 'vitest';
import { startBase } from '#test/support/corpus/base';
import { expectRefused } from '#test/support/corpus/cheat';
import { STRANGERS } from '#test/support/corpus/cheats/strangers';
import { tally } from '#test/support/corpus/tally';
import { auditorOf } from '#test/support/corpus/verdict';

const base = await startBase();
const audit = auditorOf(base);
const count = tally('entries and logs of somebody else, and what passes for something else');
afterAll(async () => {
  count.print();
  await base[Symbol.asyncDispose]();
});

describe('what is not of this log', () => {
  it.each(STRANGERS)('is refused: $name', async (cheat) => {
    await expectRefused(cheat, base, audit);
    count.refused();
  });
});
