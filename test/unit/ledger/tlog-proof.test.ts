import { describe, expect, it } from 'vitest';
import { base64 } from '#ledger/digest';
import { leafHash } from '#ledger/merkle';
import { formatTlogProof, parseTlogProof } from '#ledger/tlog-proof';
import type { TlogProof } from '#ledger/tlog-proof';

const [a, b] = [leafHash(Uint8Array.of(1)), leafHash(Uint8Array.of(2))];
const note = `log.example/t\n4\n${base64(a)}\n\n— log.example/t AAAAAAAA\n`;
const proof: TlogProof = { index: 3, proof: [a, b], checkpoint: note };
const FILE = `c2sp.org/tlog-proof@v1\nindex 3\n${base64(a)}\n${base64(b)}\n\n${note}`;

describe('a proof file', () => {
  it('is laid out as C2SP tlog-proof has it', () => {
    expect(formatTlogProof(proof)).toBe(FILE);
    expect(parseTlogProof(FILE)).toEqual({ ok: true, value: proof });
  });

  it('can carry extra data, and a proof of no hashes', () => {
    const bare: TlogProof = { ...proof, index: 0, proof: [], extra: new Uint8Array([1, 2]) };
    expect(formatTlogProof(bare)).toBe(`c2sp.org/tlog-proof@v1\nextra AQI=\nindex 0\n\n${note}`);
    expect(parseTlogProof(formatTlogProof(bare))).toEqual({ ok: true, value: bare });
    const empty: TlogProof = { ...proof, extra: new Uint8Array(0) };
    expect(parseTlogProof(formatTlogProof(empty))).toEqual({ ok: true, value: empty });
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'header-missing'],
    ['another version', FILE.replace('@v1', '@v2'), 'header-missing'],
    ['extra data that is no base64', FILE.replace('index', 'extra *\nindex'), 'extra-malformed'],
    ['no index', FILE.replace('index 3\n', ''), 'index-malformed'],
    ['a leading zero', FILE.replace('index 3', 'index 03'), 'index-malformed'],
    ['an index of 2^53', FILE.replace('index 3', `index ${2 ** 53}`), 'index-out-of-range'],
    ['a short hash', FILE.replace(base64(b), base64(b.slice(1))), 'proof-malformed'],
    [
      'endless hashes',
      FILE.replace(base64(b), Array(63).fill(base64(b)).join('\n')),
      'proof-malformed',
    ],
    ['no checkpoint', FILE.slice(0, FILE.indexOf('\n\n') + 2), 'checkpoint-malformed'],
    ['no blank line', FILE.slice(0, FILE.indexOf('\n\n')), 'checkpoint-malformed'],
    ['a checkpoint without signatures', FILE.slice(0, FILE.indexOf('—')), 'checkpoint-malformed'],
  ])('is not read from %s', (_, file, code) => {
    expect(parseTlogProof(file)).toEqual({ ok: false, code });
  });

  it.each<[string, Partial<TlogProof>]>([
    ['a negative index', { index: -1 }],
    ['half an index', { index: 0.5 }],
    ['a short hash', { proof: [a.slice(1)] }],
    ['an unsigned checkpoint', { checkpoint: 'log.example/t\n4\n' }],
  ])('is not written with %s', (_, change) => {
    expect(() => formatTlogProof({ ...proof, ...change })).toThrow(RangeError);
  });
});
