import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT_SHAPES } from '#ledger/event-shapes';
import { FINDING_CODES } from '#ledger/verify/words';
import { BESIDE_THE_LOG } from '#test/support/corpus/cheats/beside-the-log';
import { CERTIFICATES } from '#test/support/corpus/cheats/certificates';
import { CHECKPOINTS } from '#test/support/corpus/cheats/checkpoints';
import { ENVELOPES } from '#test/support/corpus/cheats/envelopes';
import { FORGED_STATEMENTS } from '#test/support/corpus/cheats/forged-statements';
import { ROTATIONS } from '#test/support/corpus/cheats/rotations';
import { TRUNCATED } from '#test/support/corpus/cheats/order';
import { BINDINGS } from '#test/support/corpus/cheats/bindings';
import { SIGN_INS } from '#test/support/corpus/cheats/sign-ins';
import { cosigned, WITNESS, WITNESSED } from '#test/support/corpus/cheats/witnessed';
import { WORKLOADS } from '#test/support/corpus/cheats/workload';
import { STRANGERS } from '#test/support/corpus/cheats/strangers';
import { MUTATIONS } from '#test/support/replay/mutations';
import { RICH } from '#test/support/replay/mutations/rich';
import { startBase, type Base } from '#test/support/corpus/base';
import { writtenLines } from '#test/support/corpus/export';
import { auditorOf } from '#test/support/corpus/verdict';
import { checkpointOf } from '#test/support/replay/sealed-log';

let base: Base;
beforeAll(async () => {
  base = await startBase();
});
afterAll(() => base[Symbol.asyncDispose]());

describe('the log that the corpus tampers with', () => {
  it('holds every type of entry that the service can write', () => {
    const types = new Set(base.history.entries.map(({ event }) => event.type));
    // Keys are replaced in a log of its own, which is forged by keys of its own.
    expect([...types, 'key.rotated'].sort()).toEqual(Object.keys(EVENT_SHAPES).sort());
  });

  it('verifies untouched, every step proved', async () => {
    const savedCheckpoint = checkpointOf(base.export.entries.slice(0, 30), base.keys);
    const { note } = cosigned(base, base.export.entries.length, base.history.now);
    const lines = await writtenLines({ ...base.export, checkpoint: note });
    const brought = { savedCheckpoint, witnesses: [WITNESS.vkey] };
    const { report } = await auditorOf(base)(lines, brought);
    expect(report.findings).toEqual([]);
    expect(report.steps.map((one) => one.status)).toEqual(report.steps.map(() => 'proved'));
    expect(report.counts).toMatchObject({ provisional: 1, late: 1, erased: 0 });
  });
});

describe('the corpus', () => {
  it('has a cheat for everything that the verifier can find', () => {
    const cheats = [
      ...ENVELOPES,
      ...BESIDE_THE_LOG,
      ...CHECKPOINTS,
      ...CERTIFICATES,
      ...STRANGERS,
      ...FORGED_STATEMENTS,
      ...TRUNCATED,
      ...ROTATIONS,
      ...SIGN_INS,
      ...BINDINGS,
      ...WORKLOADS,
      ...WITNESSED,
    ].map((one) => one.refused.code);
    const rules = [...MUTATIONS, ...RICH].map((one) => one.breaks);
    // Told of lines, of places, of what was pinned and behind another finding, which have tests of their own.
    const tried = new Set([
      ...cheats,
      ...rules,
      'export-unreadable',
      'index-gap',
      'entry-repeated',
      'policy-in-force-unknown',
      'sign-in-client-not-pinned',
    ]);
    expect(FINDING_CODES.filter((code) => !tried.has(code))).toEqual([]);
  });
});
