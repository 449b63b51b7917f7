import { afterAll, describe, expect, it } from 'vitest';
import { auditVerify } from '#cli/audit-verify';
import { startBase } from '#test/support/corpus/base';
import { enrolmentOf, ERASURES, hidden } from '#test/support/corpus/cheats/erasures';
import { writtenLines, type Export } from '#test/support/corpus/export';
import { tally } from '#test/support/corpus/tally';
import { auditorOf } from '#test/support/corpus/verdict';
import { streamOf } from '#test/support/replay/sealed-log';

const base = await startBase();
const audit = auditorOf(base);
const count = tally('values left out to hide what they show');
afterAll(async () => {
  count.print();
  await base[Symbol.asyncDispose]();
});

/** The exit code of the command, with the checkpoint at hand. */
async function exitCode(of: Export, acceptErased: boolean): Promise<number> {
  const lines = await writtenLines(of);
  const files = new Map([
    ['root.json', JSON.stringify(base.signer.trustedRoot)],
    ['checkpoint.txt', of.checkpoint],
  ]);
  return auditVerify({
    readLines: () => streamOf(lines),
    readText: async (path) => files.get(path) ?? '',
    io: { out: () => undefined, err: () => undefined },
    flags: {
      export: 'export.jsonl',
      trustedRoot: 'root.json',
      logKey: [base.keys.vkey],
      serviceKey: [base.keys.keyId],
      issuer: [base.signer.issuer.issuerUrl],
      checkpoint: 'checkpoint.txt',
      requireCheckpoint: true,
      acceptErased,
      acceptRecordedKeys: false,
      providerKeys: [],
      ownKeyClient: [],
      workload: [],
      json: false,
    },
  });
}

describe.each(ERASURES)('$name', (erasure) => {
  it('is refused while all is shown', async () => {
    const { report } = await audit(await writtenLines((await erasure.shown(base)).export));
    expect(new Set(report.findings.map((one) => one.code))).toEqual(new Set([erasure.code]));
    count.refused();
  });

  it('is never called verified without its exception, which names entry and person', async () => {
    const cheated = await erasure.shown(base);
    const { report, words } = await audit(await writtenLines(hidden(erasure, cheated)));
    expect(report.ok).toBe(true);
    expect(report.steps.find((one) => one.name === 'identities')?.status).toBe('unproven');
    const entries = report.unprovenIdentities.map((one) => one.index);
    expect(entries).toContain(enrolmentOf(cheated.history, erasure.hides));
    const last = words.split('\n').at(-1);
    expect(last).toMatch(/^VERIFIED except identities of \d+ entr(?:y|ies): \d+/);
    expect(words).not.toContain('VERIFIED:');
    for (const expected of erasure.words) expect(words).toContain(expected);
    for (const { index, message } of report.unprovenIdentities)
      expect(words).toContain(`  entry ${index}: ${message}`);
  });

  it('exits with 3, or with 0 for an auditor who knows of the erasure', async () => {
    const of = hidden(erasure, await erasure.shown(base));
    expect(await exitCode(of, false)).toBe(3);
    expect(await exitCode(of, true)).toBe(0);
    count.refused();
  });
});
