import { afterAll, describe, expect, it } from 'vitest';
import { auditVerify } from '#cli/audit-verify';
import { startBase } from '#test/support/corpus/base';
import { BESIDE_THE_LOG } from '#test/support/corpus/cheats/beside-the-log';
import { CERTIFICATES } from '#test/support/corpus/cheats/certificates';
import { CHECKPOINTS } from '#test/support/corpus/cheats/checkpoints';
import { ENVELOPES } from '#test/support/corpus/cheats/envelopes';
import { STRANGERS } from '#test/support/corpus/cheats/strangers';
import { TRUNCATED } from '#test/support/corpus/cheats/order';
import { WITNESSES } from '#test/support/corpus/cheats/witnesses';
import type { Cheat } from '#test/support/corpus/cheat';
import { writtenLines } from '#test/support/corpus/export';
import { streamOf } from '#test/support/replay/sealed-log';

const base = await startBase();
afterAll(() => base[Symbol.asyncDispose]());

/** The command itself, on files that hold these lines: its exit code and what it prints. */
async function command(lines: readonly string[], savedCheckpoint?: string) {
  const out: string[] = [];
  const print = (line: string): void => void out.push(line);
  const files = new Map([
    ['root.json', JSON.stringify(base.signer.trustedRoot)],
    ['checkpoint.txt', savedCheckpoint ?? ''],
  ]);
  const code = await auditVerify({
    readLines: () => streamOf(lines),
    readText: async (path) => files.get(path) ?? '',
    io: { out: print, err: print },
    flags: {
      export: 'export.jsonl',
      trustedRoot: 'root.json',
      logKey: [base.keys.vkey],
      serviceKey: [base.keys.keyId],
      issuer: [base.signer.issuer.issuerUrl],
      ...(savedCheckpoint === undefined ? {} : { checkpoint: 'checkpoint.txt' }),
      requireCheckpoint: false,
      acceptErased: false,
      json: false,
    },
  });
  return { code, words: out.join('\n') };
}

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
