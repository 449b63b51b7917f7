import { describe, expect, it } from 'vitest';
import { formatWitnessVkey } from '#ledger/cosignature';
import type { VerifyOptions } from '#ledger/verify/verify';
import { verify } from '#ledger/verify/verify';
import type { ExportedEntry } from '#ledger/export/format';
import { History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import {
  checkpointOf,
  linesOf,
  seal,
  streamOf,
  testChecks,
  testKeys,
} from '#test/support/replay/sealed-log';
import { WitnessServer } from '#test/support/witness/witness-server';

const keys = testKeys();
const history = new History({ logKey: keys.vkey, serviceKey: keys.keyId });
playBypass(history);
playBypass(history);
const entries = seal(history.entries, keys);

const [one, two] = [new WitnessServer('one.example'), new WitnessServer('two.example')];
const TIME = 1_790_000_000;

const textOf = (note: string): string => `${note.split('\n\n')[0]}\n`;

/** A checkpoint of the first so many entries with these witnesses' lines under it. */
function cosigned(size: number, by: readonly WitnessServer[], seconds = TIME): string {
  const note = checkpointOf(entries.slice(0, size), keys);
  return `${note}${by.map((witness) => `${witness.cosign(textOf(note), seconds)}\n`).join('')}`;
}

interface Between {
  readonly size: number;
  readonly note: string;
}

async function check(
  {
    last,
    between = [],
    of = entries,
  }: { last?: string; between?: readonly Between[]; of?: readonly ExportedEntry[] },
  witnesses: readonly string[],
  over: Partial<VerifyOptions> & { readonly needed?: number } = {},
) {
  const { needed, ...options } = over;
  const plain = await linesOf(of, keys, last);
  const head = plain.filter((line) => !line.startsWith('{"entry"')).slice(0, -1);
  const stream = async function* (): AsyncGenerator<string> {
    // What stands between entries is written where the export has it.
    let size = 0;
    yield* streamOf(head);
    for (const line of plain.filter((each) => each.startsWith('{"entry"'))) {
      const note = between.find((each) => each.size === size)?.note;
      if (note !== undefined) yield JSON.stringify({ checkpoint: note });
      yield line;
      size += 1;
    }
    yield plain.at(-1) ?? '';
  };
  return verify({
    lines: stream(),
    pinned: {
      logKeys: [keys.vkey],
      serviceKeys: [keys.keyId],
      witnesses,
      ...(needed === undefined ? {} : { witnessesNeeded: needed }),
    },
    checks: testChecks,
    ...options,
  });
}

type Report = Awaited<ReturnType<typeof verify>>;
const step = (report: Report) => report.steps.find((each) => each.name === 'witnesses');
const exceptions = ({ verdict }: Report) =>
  verdict.outcome === 'in-part' ? verdict.unproven.map((each) => each.what) : verdict.outcome;

describe('witnesses', () => {
  it('that nobody pinned prove nothing, and speak against nothing', async () => {
    const report = await check({ last: cosigned(entries.length, [one]) }, []);
    expect(report.findings).toEqual([]);
    expect(step(report)).toMatchObject({ status: 'unproven', details: ['no witness was pinned'] });
    expect(report.witnessed).toEqual({ needed: 0, size: 0, by: [] });
    expect(exceptions(report)).toEqual(['tail']);
  });

  it('that cosigned the last checkpoint vouch for every entry, at their time', async () => {
    const report = await check({ last: cosigned(entries.length, [one]) }, [one.vkey]);
    expect(report.findings).toEqual([]);
    expect(step(report)?.status).toBe('proved');
    expect(step(report)?.details).toEqual([
      `one.example cosigned the first ${entries.length} entries at ${new Date(TIME * 1_000).toISOString()}`,
    ]);
    expect(report.witnessed.size).toBe(entries.length);
  });

  it('vouch for as many entries as the number asked for has cosigned', async () => {
    const between = [
      { size: 5, note: cosigned(5, [one, two]) },
      { size: 9, note: cosigned(9, [one]) },
    ];
    const pins = [one.vkey, two.vkey];
    const single = await check({ between }, pins);
    expect(single.findings).toEqual([]);
    expect(single.witnessed.size).toBe(9);
    const both = await check({ between }, pins, { needed: 2 });
    expect(both.witnessed).toMatchObject({ needed: 2, size: 5 });
    expect(step(both)).toMatchObject({ status: 'proved' });
    expect(step(both)?.details.at(-1)).toContain('entries from 5 on');
  });

  it('that are too few leave it unproven, and refuse nothing', async () => {
    const last = cosigned(entries.length, [one]);
    const report = await check({ last }, [one.vkey, two.vkey], { needed: 2 });
    expect(exceptions(report)).toEqual(['witnesses', 'tail']);
    expect(report.verdict).toMatchObject({
      unproven: [{ title: 'witnesses: 1 of the 2 asked for cosigned' }, {}],
    });
    expect(report.ok).toBe(true);
    expect(step(report)?.status).toBe('unproven');
    expect(step(report)?.details.at(-1)).toContain('1 of the 2 pinned witnesses');
    expect(report.witnessed.size).toBe(0);
  });

  it('count once, however their key is written', async () => {
    const last = cosigned(entries.length, [one]);
    const report = await check({ last }, [one.vkey, one.vkey], { needed: 2 });
    expect(report.witnessed.size).toBe(0);
  });

  it('may not be one key under two names, which would count as two', async () => {
    const raw = Buffer.from(one.vkey.split('+').slice(2).join('+'), 'base64').subarray(1);
    const alias = formatWitnessVkey('alias.example', new Uint8Array(raw));
    await expect(check({}, [one.vkey, alias], { needed: 2 })).rejects.toMatchObject({
      name: 'PinnedWitnessUnreadable',
      code: 'key-under-two-names',
    });
  });

  it('are read under the checkpoint that was saved as well', async () => {
    const savedCheckpoint = cosigned(4, [two]);
    const report = await check({}, [two.vkey], { savedCheckpoint });
    expect(report).toMatchObject({ ok: true, tail: 'proved', witnessed: { size: 4 } });
  });

  it('whose name stands over another key refuse the log', async () => {
    const stranger = new WitnessServer('one.example');
    const size = entries.length;
    const [mine, theirs] = [one, stranger].map((witness) =>
      Buffer.from(cosigned(size, [witness]).trimEnd().split(' ').at(-1) ?? '', 'base64'),
    );
    if (mine === undefined || theirs === undefined) throw new Error('no cosignature');
    // The key id of the pinned one, and the signature of another key.
    const blob = Buffer.concat([mine.subarray(0, 4), theirs.subarray(4)]).toString('base64');
    const forged = `${cosigned(size, [])}— one.example ${blob}\n`;
    const report = await check({ last: forged }, [one.vkey]);
    expect(report.findings.map(({ code }) => code)).toEqual(['cosignature-wrong']);
    expect(step(report)?.status).toBe('refused');
    expect(report.witnessed.size).toBe(0);
  });

  it('that cosigned another log vouch for nothing here', async () => {
    const elsewhere = cosigned(entries.length - 1, [one]).split('\n\n')[1] ?? '';
    const line = elsewhere.split('\n').find((each) => each.includes('one.example')) ?? '';
    const report = await check({ last: `${cosigned(entries.length, [])}${line}\n` }, [one.vkey]);
    expect(report.findings.map(({ code }) => code)).toEqual(['cosignature-wrong']);
  });

  it('vouch for nothing under a checkpoint that is not of these entries', async () => {
    const other = seal(history.entries, keys).toReversed();
    const note = checkpointOf(other, keys);
    const last = `${note}${one.cosign(textOf(note))}\n`;
    const report = await check({ last }, [one.vkey]);
    expect(report.findings.map(({ code }) => code)).toEqual(['root-differs']);
    expect(report.witnessed.size).toBe(0);
  });

  it('with a key that is none are the caller’s mistake', async () => {
    await expect(check({}, ['nothing'])).rejects.toMatchObject({
      name: 'PinnedWitnessUnreadable',
      code: 'malformed',
    });
  });
});
