import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { auditLines } from '#cli/audit-lines';
import { verify } from '#ledger/verify/verify';
import { History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import { linesOf, seal, testChecks, testKeys } from '#test/support/replay/sealed-log';

const keys = testKeys();
const history = new History({ logKey: keys.vkey, serviceKey: keys.keyId });
playBypass(history);
const lines = await linesOf(seal(history.entries, keys), keys);
const text = `${lines.join('\n')}\n`;
const file = Buffer.from(text);

async function verdictOf(bytes: Uint8Array) {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const pinned = { logKeys: [keys.vkey], serviceKeys: [keys.keyId] };
  const report = await verify({ lines: auditLines(pieces()), pinned, checks: testChecks });
  return report.verdict;
}

describe('a file that was taken for an export', () => {
  it('is one as it is', async () => {
    expect((await verdictOf(file)).outcome).toBe('in-part');
  });

  it.each([
    ['gzip', gzipSync(file), 'the file is compressed', 'gunzip'],
    ['Zstandard', zstdCompressSync(file), 'the file is compressed', 'Unpack it first'],
    ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le'), 'the file is UTF-16', 'byte by byte'],
    ['UTF-16 without its mark', Buffer.from(text, 'utf16le'), 'the file is UTF-16', 'byte'],
    [
      'UTF-8 with a byte order mark',
      Buffer.from(`\uFEFF${text}`),
      'starts with a byte order mark',
      'tail -c +4',
    ],
    ['empty', Buffer.alloc(0), 'the file is empty', 'exported anew'],
    ['one blank line', Buffer.from('\n'), 'it is blank', 'blank line out'],
  ])('says what is wrong with it where it is %s', async (_, bytes, why, remedy) => {
    const verdict = await verdictOf(bytes);
    expect(verdict).toMatchObject({
      outcome: 'unreadable',
      line: 1,
      why: expect.stringContaining(why) as string,
      remedy: expect.stringContaining(remedy) as string,
    });
  });

  it('holds again when the byte order mark is taken away as it says', async () => {
    const marked = Buffer.from(`\uFEFF${text}`);
    expect((await verdictOf(marked.subarray(3))).outcome).toBe('in-part');
  });
});
