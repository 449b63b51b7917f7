import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from '#ledger/checkpoint';
import type { Checkpoint } from '#ledger/checkpoint';
import { base64, hex, sameBytes } from '#ledger/digest';
import { emptyRoot } from '#ledger/merkle';
import type { NoteSigner, NoteVerifier } from '#ledger/note-key';
import { signNote } from '#ledger/note-verify';
import { formatNote, parseNote } from '#ledger/signed-note';

// The example of C2SP tlog-checkpoint.
const EXAMPLE =
  'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
  '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';

// Which signature it is does not matter to a checkpoint: a keyed hash stands in for one.
function keyed(name: string, keyId: number): NoteSigner & NoteVerifier {
  const sign = (message: Uint8Array): Uint8Array =>
    createHash('sha256').update(`${name} ${keyId}`).update(message).digest();
  const verify = (message: Uint8Array, signature: Uint8Array): boolean =>
    sameBytes(sign(message), signature);
  return { name, keyId, sign, verify };
}

const log = keyed('log.example/tenant', 1);
const witness = keyed('witness.example', 2);
const root = emptyRoot();
const checkpoint: Checkpoint = { origin: 'log.example/tenant', size: 0, root, extensions: [] };
const text = formatCheckpoint(checkpoint);

function signedBy(...signers: readonly NoteSigner[]): string {
  const signatures = signers.flatMap((signer) => {
    const read = parseNote(signNote(text, signer));
    return read.ok ? read.value.signatures : [];
  });
  return formatNote({ text, signatures });
}

describe('a checkpoint', () => {
  it('is read from the published example and written back the same', () => {
    const note = parseNote(EXAMPLE);
    if (!note.ok) throw new Error(note.code);
    const read = parseCheckpoint(note.value.text);
    if (!read.ok) throw new Error(read.code);
    expect(read.value.origin).toBe('example.com/behind-the-sofa');
    expect(read.value.size).toBe(20_852_163);
    expect(hex(read.value.root)).toMatch(/^0ac5186a/);
    expect(formatCheckpoint(read.value)).toBe(note.value.text);
  });

  it('keeps extension lines', () => {
    const extended = { ...checkpoint, extensions: ['a 1', 'b 2'] };
    expect(parseCheckpoint(formatCheckpoint(extended))).toEqual({ ok: true, value: extended });
  });

  it.each<[string, string, string]>([
    ['two lines', 'o\n0\n', 'lines-malformed'],
    ['no last newline', `o\n0\n${base64(root)}`, 'lines-malformed'],
    ['no origin', `\n0\n${base64(root)}\n`, 'lines-malformed'],
    ['an empty extension', `o\n0\n${base64(root)}\n\n`, 'lines-malformed'],
    ['a leading zero', `o\n01\n${base64(root)}\n`, 'size-malformed'],
    ['a sign', `o\n-1\n${base64(root)}\n`, 'size-malformed'],
    ['another notation', `o\n1e3\n${base64(root)}\n`, 'size-malformed'],
    ['a size beyond 2^53', `o\n9007199254740992\n${base64(root)}\n`, 'size-out-of-range'],
    ['a short root', `o\n0\n${base64(root.slice(1))}\n`, 'root-malformed'],
    ['a root without padding', `o\n0\n${base64(root).slice(0, -1)}\n`, 'root-malformed'],
  ])('is not read from a text with %s', (_, malformed, code) => {
    expect(parseCheckpoint(malformed)).toEqual({ ok: false, code });
  });

  it.each<[string, Partial<Checkpoint>]>([
    ['an empty origin', { origin: '' }],
    ['an origin of two lines', { origin: 'a\nb' }],
    ['an empty extension', { extensions: [''] }],
    ['half a leaf', { size: 0.5 }],
    ['a negative size', { size: -1 }],
    ['a short root', { root: root.slice(1) }],
  ])('is not written with %s', (_, change) => {
    expect(() => formatCheckpoint({ ...checkpoint, ...change })).toThrow(RangeError);
  });
});

describe('a signed checkpoint', () => {
  const expected = { origin: checkpoint.origin, log, witnesses: [witness] };

  it('opens for its log and names the witnesses that signed', () => {
    expect(openCheckpoint(signedBy(log), expected)).toEqual({
      ok: true,
      value: { checkpoint, witnessedBy: [] },
    });
    const witnessed = openCheckpoint(signedBy(log, witness), expected);
    expect(witnessed.ok && witnessed.value.witnessedBy).toEqual([witness]);
  });

  it('does not open for a witness alone', () => {
    expect(openCheckpoint(signedBy(witness), expected)).toEqual({
      ok: false,
      code: 'not-signed-by-log',
    });
  });

  it('does not open for strangers, nor when its size was changed', () => {
    const stranger = keyed('stranger.example', 3);
    const opened = openCheckpoint(signedBy(stranger), expected);
    expect(opened).toEqual({ ok: false, code: 'no-known-key' });
    const grown = signedBy(log).replace('\n0\n', '\n1\n');
    expect(openCheckpoint(grown, expected)).toEqual({ ok: false, code: 'signature-invalid' });
  });

  it('does not open under another origin, though the key is right', () => {
    expect(openCheckpoint(signedBy(log), { ...expected, origin: 'log.example/other' })).toEqual({
      ok: false,
      code: 'origin-mismatch',
    });
  });

  it('does not open when what the log signed is no checkpoint', () => {
    expect(openCheckpoint(signNote('hello\n', log), expected)).toEqual({
      ok: false,
      code: 'lines-malformed',
    });
  });
});
