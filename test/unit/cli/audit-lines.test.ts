import { describe, expect, it } from 'vitest';
import { auditLines } from '#cli/audit-lines';
import { LONGEST_LINE } from '#ledger/export/line-text';

/** The lines of a file that comes in these pieces. */
async function linesOf(...pieces: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
  }
  const lines: string[] = [];
  for await (const together of auditLines(chunks())) lines.push(...together);
  return lines;
}

describe('the lines of an export', () => {
  it.each(['\u0085', '\u2028', '\u2029', '\v', '\f', '\r'])(
    'do not end at %j',
    async (character) => {
      expect(await linesOf(`a${character}b\nc\n`)).toEqual([`a${character}b`, 'c']);
    },
  );

  it('end at a newline, with a carriage return before it or not', async () => {
    expect(await linesOf('a\r\nb\nc\r\r\n')).toEqual(['a', 'b', 'c\r']);
    expect(await linesOf('a\r', '\nb')).toEqual(['a', 'b']);
  });

  it('are the same however the file is cut into pieces', async () => {
    const text = '{"a":"ä\u2028𝒳"}\r\n\n{"b":1}\nlast';
    const bytes = Buffer.from(text);
    const whole = ['{"a":"ä\u2028𝒳"}', '', '{"b":1}', 'last'];
    for (let at = 0; at <= bytes.length; at += 1)
      expect(await linesOf(bytes.subarray(0, at), bytes.subarray(at))).toEqual(whole);
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(await linesOf(...single)).toEqual(whole);
  });

  it('are none in an empty file, and the last needs no newline', async () => {
    expect(await linesOf()).toEqual([]);
    expect(await linesOf('a')).toEqual(['a']);
    expect(await linesOf('a\n')).toEqual(['a']);
    expect(await linesOf('a\n\n')).toEqual(['a', '']);
  });

  it('keep a byte order mark, which no export starts with', async () => {
    expect(await linesOf('\ufeffa\n')).toEqual(['\ufeffa']);
  });

  it('stop behind one that is longer than any may be, whatever more the file has', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'a');
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        read += piece.length;
        yield piece;
      }
    }
    const lengths: number[] = [];
    for await (const lines of auditLines(endless()))
      lengths.push(...lines.map((line) => line.length));
    expect(lengths).toHaveLength(1);
    expect(lengths[0]).toBeGreaterThan(LONGEST_LINE);
    expect(read).toBeLessThanOrEqual(LONGEST_LINE + 2 * piece.length);
  });
});
