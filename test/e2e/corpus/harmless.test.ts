import { afterAll, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#domain/instant';
import { SERVICE } from '#domain/actor';
import { personId } from '#domain/ids';
import { auditLines } from '#cli/audit-lines';
import { base64 } from '#ledger/digest';
import { sealForReal, startBase } from '#test/support/corpus/base';
import {
  entryAt,
  exportOf,
  withEntry,
  writtenLines,
  type Export,
} from '#test/support/corpus/export';
import { auditorOf } from '#test/support/corpus/verdict';
import { History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import { testKeys } from '#test/support/replay/sealed-log';

const base = await startBase();
const audit = auditorOf(base);
afterAll(() => base[Symbol.asyncDispose]());

const headed = (over: Partial<Export['header']>): Export => ({
  ...base.export,
  header: { ...base.export.header, ...over },
});

/** An approval whose timestamps come so much later than the entries behind it. */
async function signedLate(byMs: number): Promise<Export> {
  const index = base.indexOf('approval.given', 'more');
  const at = (base.history.entries[index]?.event.at ?? 0) + byMs;
  const { statement } = entryAt(base.export, index);
  const envelope = await base.signer.attest(statement, { email: 'ben@example.com', at });
  return exportOf(withEntry(base.export, index, { envelope }).entries, base.keys);
}

/** The file that holds these lines, as it is read. */
async function* bytesOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

/** What the verifier must not take for a cheat: nothing of it is relied on. */
const HARMLESS: readonly (readonly [string, Export])[] = [
  ['a value erased', withEntry(base.export, base.indexOf('request.opened'), { openings: {} })],
  ['another time of the export', headed({ exportedAt: 0 })],
  ['another log key in the header', headed({ logKeys: [testKeys().vkey] })],
  [
    'the policies in another order',
    { ...base.export, policies: base.export.policies.toReversed() },
  ],
  [
    'the signature of a witness under the checkpoint',
    {
      ...base.export,
      checkpoint: `${base.export.checkpoint}— witness.example ${base64(new Uint8Array(68))}\n`,
    },
  ],
  ['an approval whose timestamp authority is 59 minutes ahead', await signedLate(59 * MINUTE_MS)],
  ['an approval whose timestamp authority is 59 minutes behind', await signedLate(-59 * MINUTE_MS)],
];

describe('what is no cheat', () => {
  it('is accepted: line breaks in what people wrote, escaped or raw as exports once had them', async () => {
    const { keys, signer } = base;
    const history = new History({ logKey: keys.vkey, serviceKey: keys.keyId });
    history.append({
      type: 'person.enrolled',
      at: history.now,
      actor: SERVICE,
      person: personId('amy'),
      source: 'profile',
      detached: { account: 'T2/amy', email: 'amy\u2028of\u2029the\u0085page@example.com' },
    });
    playBypass(history);
    const lines = await writtenLines(
      exportOf(await sealForReal(history.entries, keys, signer), keys),
    );
    const raw = lines.map((line) =>
      line.replaceAll(/\\u(2028|2029|0085)/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      ),
    );
    expect(raw).not.toEqual(lines);
    for (const file of [lines, raw]) {
      const read: string[] = [];
      for await (const lines of auditLines(bytesOf(file))) read.push(...lines);
      const { report } = await audit(read);
      expect(report.findings).toEqual([]);
      expect(report.ok).toBe(true);
    }
  });

  it.each(HARMLESS)('is accepted: %s', async (_, of) => {
    const { report, words } = await audit(await writtenLines(of));
    expect(report.findings).toEqual([]);
    expect(words).toContain('VERIFIED');
  });
});
