import { afterAll, describe, expect, it } from 'vitest';
import { startBase } from '#test/support/corpus/base';
import { BESIDE_THE_LOG } from '#test/support/corpus/cheats/beside-the-log';
import { CERTIFICATES } from '#test/support/corpus/cheats/certificates';
import { CHECKPOINTS } from '#test/support/corpus/cheats/checkpoints';
import { ENVELOPES } from '#test/support/corpus/cheats/envelopes';
import { STRANGERS } from '#test/support/corpus/cheats/strangers';
import { TRUNCATED } from '#test/support/corpus/cheats/order';
import { WITNESSES } from '#test/support/corpus/cheats/witnesses';
import type { Cheat } from '#test/support/corpus/cheat';
import { auditCommand } from '#test/support/corpus/command';
import { writtenLines } from '#test/support/corpus/export';

const base = await startBase();
afterAll(() => base[Symbol.asyncDispose]());

const command = (lines: readonly string[], savedCheckpoint?: string) =>
  auditCommand(base, lines, {}, savedCheckpoint);

/** One cheat of each kind: the corpus calls the same verification, without the command around it. */
const ONE_OF_EACH = [
  ENVELOPES,
  BESIDE_THE_LOG,
  CHECKPOINTS,
  CERTIFICATES,
  WITNESSES,
  STRANGERS,
  TRUNCATED.slice(1),
].flatMap((cheats): readonly Cheat[] => cheats.slice(0, 1));

describe('breakglass audit verify', () => {
  it('gives exit code 0 for the log that the corpus tampers with', async () => {
    const { code, words } = await command(await writtenLines(base.export), base.export.checkpoint);
    expect(words).not.toContain('REFUSED');
    expect(code).toBe(0);
  });

  it.each(ONE_OF_EACH)('gives exit code 1 for $name', async ({ apply, brought, refused }) => {
    const lines = await writtenLines(await apply(base));
    const { code, words } = await command(lines, brought?.(base).savedCheckpoint);
    expect(words).toContain(`✗ REFUSED  ${refused.by}`);
    expect(words).toContain(refused.words);
    expect(words).toContain('REFUSED: this log does not hold.');
    expect(code).toBe(1);
  });
});
