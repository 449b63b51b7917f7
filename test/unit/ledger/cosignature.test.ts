import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint } from '#ledger/checkpoint';
import {
  ED25519_COSIGNATURE,
  formatWitnessVkey,
  readCosignatures,
  withCosignatures,
  witnessKeyFromVkey,
  type WitnessKey,
} from '#ledger/cosignature';
import { base64 } from '#ledger/digest';
import { emptyRoot } from '#ledger/merkle';
import { ED25519_NOTE, formatVkey, noteKeyId, type VerifyEd25519 } from '#ledger/note-key';
import { signNote } from '#ledger/note-verify';
import { parseNote } from '#ledger/signed-note';

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const verifyEd25519: VerifyEd25519 = (key, message, signature) => {
  const spki = { key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' } as const;
  return verify(null, message, createPublicKey(spki), signature);
};

const TIME = 1_679_315_147;
const origin = 'example.com/behind-the-sofa';
const text = formatCheckpoint({ origin, size: 7, root: emptyRoot(), extensions: ['an extension'] });

interface Witness {
  readonly name: string;
  readonly raw: Uint8Array;
  readonly privateKey: KeyObject;
  readonly vkey: string;
}

function witness(name = 'witness.example/w1'): Witness {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  return { name, raw, privateKey, vkey: formatWitnessVkey(name, raw) };
}

/** A cosignature line as the specification composes it, written out here once more. */
function line({ name, raw, privateKey }: Witness, over = text, seconds = TIME): string {
  const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${over}`), privateKey);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(seconds));
  const id = Buffer.alloc(4);
  id.writeUInt32BE(noteKeyId(name, 4, raw));
  return `— ${name} ${Buffer.concat([id, time, signature]).toString('base64')}`;
}

function keyOf({ vkey }: Pick<Witness, 'vkey'>): WitnessKey {
  const read = witnessKeyFromVkey(vkey, verifyEd25519);
  if (!read.ok) throw new Error(read.code);
  return read.value;
}

const logNote = signNote(text, {
  name: origin,
  keyId: 1,
  sign: () => new Uint8Array(64),
});
const one = witness();

describe("a witness's key", () => {
  it('is read from its text and goes by the key id of type 04', () => {
    const key = keyOf(one);
    expect(key).toMatchObject({ name: one.name, keyId: noteKeyId(one.name, 4, one.raw) });
  });

  it('may be written as a plain Ed25519 key: its cosignatures go by the same key id', () => {
    expect(keyOf({ vkey: formatVkey(one.name, one.raw) }).keyId).toBe(keyOf(one).keyId);
    expect(noteKeyId(one.name, ED25519_NOTE, one.raw)).not.toBe(keyOf(one).keyId);
  });

  const [name, , key = ''] = one.vkey.split('+');
  it.each([
    ['malformed', 'nothing'],
    ['malformed', `${name}+00000000+${base64(Uint8Array.of(ED25519_COSIGNATURE, 1))}`],
    ['key-id-mismatch', `${name}+00000000+${key}${one.vkey.split('+').slice(3).join('+')}`],
    ['algorithm-unsupported', `${name}+00000000+${base64(Uint8Array.of(6, ...one.raw))}`],
  ])('is refused as %s: %s', (code, vkey) => {
    const refusal = witnessKeyFromVkey(vkey, verifyEd25519);
    expect(refusal.ok).toBe(false);
    // A base64 key can hold a plus, which makes it three parts or four.
    if (code !== 'key-id-mismatch') expect(refusal).toEqual({ ok: false, code });
  });
});

describe('cosignatures', () => {
  it('are read with the time that they sign, extensions of the checkpoint included', () => {
    const note = withCosignatures(logNote, [line(one)]);
    expect(parseNote(note).ok).toBe(true);
    expect(readCosignatures(note, [keyOf(one)])).toEqual({
      ok: true,
      value: [
        { name: one.name, keyId: keyOf(one).keyId, cosignedAt: TIME * 1_000, line: line(one) },
      ],
    });
  });

  it('of keys that nobody pinned are ignored', () => {
    const note = withCosignatures(logNote, [line(witness('other.example')), line(one)]);
    expect(readCosignatures(note, [keyOf(witness())])).toEqual({ ok: true, value: [] });
  });

  it('count once for each witness, at the latest time', () => {
    const note = withCosignatures(logNote, [line(one), line(one, text, TIME + 9), line(one)]);
    const read = readCosignatures(note, [keyOf(one)]);
    expect(read.ok && read.value.map(({ cosignedAt }) => cosignedAt)).toEqual([(TIME + 9) * 1_000]);
  });

  const other = formatCheckpoint({ origin, size: 8, root: emptyRoot(), extensions: [] });
  const renamed: Witness = { ...witness(), name: one.name, raw: one.raw };
  it.each([
    ['over another checkpoint', line(one, other)],
    ['without a time', line(one, text, 0)],
    ['by another key under its name', line(renamed)],
    [
      'with another time than it signs',
      line(one).replace('ZBhQyx', 'ZBhQyy').replace('AABkGF', 'AABkGG'),
    ],
  ])('of a pinned witness %s reject the note', (_what, wrong) => {
    expect(wrong).not.toBe(line(one));
    expect(readCosignatures(withCosignatures(logNote, [wrong]), [keyOf(one)])).toEqual({
      ok: false,
      code: 'cosignature-invalid',
    });
  });

  it('are not read from what is no note', () => {
    expect(readCosignatures(text, [keyOf(one)])).toEqual({ ok: false, code: 'not-a-note' });
  });

  // The example of C2SP tlog-cosignature: its key is not published, so its form alone is read.
  it('have the form of the published example', () => {
    const example =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
      '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n' +
      '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n';
    const name = 'witness.example.com/w1';
    const messages: string[] = [];
    const key: WitnessKey = {
      ...keyOf(one),
      name,
      keyId: 0x8d66cf3f,
      verify: (message) => messages.push(Buffer.from(message).toString()) > 0,
    };
    const read = readCosignatures(example, [key]);
    expect(read.ok && read.value).toEqual([
      {
        name,
        keyId: 0x8d66cf3f,
        cosignedAt: TIME * 1_000,
        line: example.trimEnd().split('\n').at(-1),
      },
    ]);
    expect(messages).toEqual([
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
    ]);
  });
});
