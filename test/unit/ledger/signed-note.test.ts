import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ED25519_NOTE, formatVkey, noteKeyId, noteVerifierFromVkey } from '#ledger/note-key';
import type { NoteSigner, NoteVerifier, VerifyEd25519 } from '#ledger/note-key';
import { signNote, verifyNote } from '#ledger/note-verify';
import { formatNote, isKeyName, parseNote } from '#ledger/signed-note';

const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  const x = Buffer.from(publicKey).toString('base64url');
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
  return verify(null, message, key, signature);
};

function verifierOf(vkey: string): NoteVerifier {
  const read = noteVerifierFromVkey(vkey, verifyEd25519);
  if (!read.ok) throw new Error(read.code);
  return read.value;
}

function newKey(name: string): { readonly signer: NoteSigner; readonly verifier: NoteVerifier } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const keyId = noteKeyId(name, ED25519_NOTE, raw);
  const signer = { name, keyId, sign: (message: Uint8Array) => sign(null, message, privateKey) };
  return { signer, verifier: verifierOf(formatVkey(name, raw)) };
}

// The example of the Go package golang.org/x/mod/sumdb/note.
const NEUMANN = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const NEUMANN_NOTE =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n" +
  '\n' +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

const log = newKey('log.example/tenant');
const other = newKey('witness.example');
const note = signNote('one\n\ntwo\n', log.signer);

describe('a signed note', () => {
  it('made by another implementation is verified', () => {
    const verified = verifyNote(NEUMANN_NOTE, [verifierOf(NEUMANN)]);
    expect(verified.ok && verified.value.text).toMatch(/^If you think/);
    expect(verified.ok && verified.value.signedBy.map(({ name }) => name)).toEqual([
      'PeterNeumann',
    ]);
  });

  it('keeps empty lines in its text and comes back verbatim', () => {
    const read = parseNote(note);
    expect(read.ok && read.value.text).toBe('one\n\ntwo\n');
    expect(read.ok && formatNote(read.value)).toBe(note);
    expect(verifyNote(note, [log.verifier]).ok).toBe(true);
  });

  it('is refused when its text was changed', () => {
    expect(verifyNote(note.replace('two', 'too'), [log.verifier])).toEqual({
      ok: false,
      code: 'signature-invalid',
    });
  });

  it('ignores keys it does not know, and is refused if it knows none', () => {
    expect(verifyNote(note, [other.verifier])).toEqual({ ok: false, code: 'no-known-key' });
    const both = note + lineOf(signNote('something else\n', other.signer));
    expect(verifyNote(both, [log.verifier]).ok).toBe(true);
  });

  it('ignores a key that shares only its name or only its id with a known one', () => {
    const sameName = { ...other.verifier, name: log.verifier.name };
    const sameId = { ...other.verifier, keyId: log.verifier.keyId };
    expect(verifyNote(note, [log.verifier, sameName, sameId]).ok).toBe(true);
  });

  it('is refused for one bad signature of a known key beside a good one', () => {
    const both = note + lineOf(signNote('something else\n', other.signer));
    expect(verifyNote(both, [log.verifier, other.verifier])).toEqual({
      ok: false,
      code: 'signature-invalid',
    });
  });

  it('names each key once, however often it signed', () => {
    const twice = verifyNote(note + lineOf(note), [log.verifier]);
    expect(twice.ok && twice.value.signedBy).toEqual([log.verifier]);
  });

  it('is not judged with verifiers that cannot be told apart', () => {
    expect(() => verifyNote(note, [log.verifier, { ...log.verifier }])).toThrow(RangeError);
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'no-signatures'],
    ['a text alone', 'text\n', 'no-signatures'],
    ['a text and a blank line', 'text\n\n', 'no-signatures'],
    ['a line cut short', note.slice(0, -1), 'signature-line-malformed'],
    ['a line without its dash', 'text\n\nname AAAAAAAA\n', 'signature-line-malformed'],
    ['a hyphen for a dash', 'text\n\n- name AAAAAAAA\n', 'signature-line-malformed'],
    ['a plus in a name', 'text\n\n— na+me AAAAAAAA\n', 'signature-line-malformed'],
    ['a wide space in a name', 'text\n\n— na\u3000me AAAAAAAA\n', 'signature-line-malformed'],
    ['a signature of no bytes', 'text\n\n— name AAAAAA==\n', 'signature-line-malformed'],
    ['a signature respelled', 'text\n\n— name AAAAAAB=\n', 'signature-line-malformed'],
    ['a third field', 'text\n\n— name AAAAAAAA AAAA\n', 'signature-line-malformed'],
    ['a carriage return', note.replace('one', 'one\r'), 'control-character'],
    ['a tab', note.replace('one', 'o\tne'), 'control-character'],
    ['a zero byte', note.replace('one', 'o\0ne'), 'control-character'],
    ['a lone surrogate', note.replace('one', '\ud800'), 'not-utf8'],
    ['endless signatures', note + lineOf(note).repeat(100), 'too-many-signatures'],
    ['an endless text', `${'x'.repeat(1_000_000)}${note}`, 'too-large'],
  ])('is not %s', (_, text, code) => {
    expect(parseNote(text)).toEqual({ ok: false, code });
  });

  it('takes the sixteen signatures that every reader must', () => {
    const read = parseNote(note + lineOf(note).repeat(15));
    expect(read.ok && read.value.signatures).toHaveLength(16);
  });

  it.each<[string, string, Partial<NoteSigner>]>([
    ['a text without its last newline', 'text', {}],
    ['a text with a carriage return', 'text\r\n', {}],
    ['a signer whose name has a space', 'text\n', { name: 'a b' }],
    ['a signer whose name adds a line', 'text\n', { name: 'a AAAAAAAA\n— b' }],
    ['a key id of 33 bits', 'text\n', { keyId: 2 ** 32 }],
    ['a signer that gives nothing', 'text\n', { sign: () => new Uint8Array(0) }],
  ])('is not written for %s', (_, text, change) => {
    expect(() => signNote(text, { ...log.signer, ...change })).toThrow(RangeError);
  });
});

describe('a key in text', () => {
  it('is written as it is read', () => {
    const raw = Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1);
    expect(formatVkey('PeterNeumann', raw)).toBe(NEUMANN);
    expect(verifierOf(NEUMANN).keyId).toBe(0xc74f20a3);
  });

  it.each<[string, string]>([
    ['', 'malformed'],
    ['PeterNeumann', 'malformed'],
    [NEUMANN.replace('c74f20a3', 'c74f20a'), 'malformed'],
    [NEUMANN.replace('Peter', 'Peter '), 'malformed'],
    [NEUMANN.slice(0, -4), 'malformed'],
    [NEUMANN.replace('c74f20a3', 'c74f20a4'), 'key-id-mismatch'],
    [NEUMANN.replace('Peter', 'Paul'), 'key-id-mismatch'],
    [NEUMANN.replace('ARpc', 'BBpc'), 'algorithm-unsupported'],
  ])('is refused as %j', (vkey, code) => {
    expect(noteVerifierFromVkey(vkey, verifyEd25519)).toEqual({ ok: false, code });
  });

  it('takes no signature of another length', () => {
    const always = noteVerifierFromVkey(NEUMANN, () => true);
    expect(always.ok && always.value.verify(Uint8Array.of(), new Uint8Array(64))).toBe(true);
    expect(always.ok && always.value.verify(Uint8Array.of(), new Uint8Array(72))).toBe(false);
  });

  it('is not made of a wrong name or a wrong key', () => {
    expect(() => formatVkey('a+b', new Uint8Array(32))).toThrow(RangeError);
    expect(() => formatVkey('a', new Uint8Array(31))).toThrow(RangeError);
    expect(['', 'a b', 'a+b', 'a\u00a0b', 'a\nb', '\ud800'].filter(isKeyName)).toEqual([]);
    expect(isKeyName('log.example/tenant')).toBe(true);
  });
});

function lineOf(signed: string): string {
  return signed.slice(signed.lastIndexOf('\n\n') + 2);
}
