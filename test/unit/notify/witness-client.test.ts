import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatCheckpoint } from '#ledger/checkpoint';
import { witnessKeyFromVkey } from '#ledger/cosignature';
import { leafHash, consistencyProof, rootOf } from '#ledger/merkle';
import { ED25519_NOTE, formatVkey, noteKeyId, type VerifyEd25519 } from '#ledger/note-key';
import { signNote } from '#ledger/note-verify';
import { createWitness, type WitnessOptions } from '#notify/witness/witness-client';
import { isConsistent } from '#test/support/witness/signed-checkpoint';
import { WitnessServer } from '#test/support/witness/witness-server';

const origin = 'log.example/acme';
const log = generateKeyPairSync('ed25519');
const raw = new Uint8Array(log.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
const signer = {
  name: origin,
  keyId: noteKeyId(origin, ED25519_NOTE, raw),
  sign: (message: Uint8Array) => new Uint8Array(sign(null, message, log.privateKey)),
};
const verifyEd25519: VerifyEd25519 = (key, message, signature) => {
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
  return verify(
    null,
    message,
    createPublicKey({ key: spki, format: 'der', type: 'spki' }),
    signature,
  );
};

const leaves = Array.from({ length: 40 }, (_, n) => leafHash(Buffer.from(`leaf ${n}`)));
const rootAt = (size: number, of = leaves) => rootOf(of.slice(0, size));
const noteAt = (size: number, of = leaves) =>
  signNote(formatCheckpoint({ origin, size, root: rootAt(size, of), extensions: [] }), signer);
const asked = (oldSize: number, size: number, of = leaves) => ({
  oldSize,
  proof: consistencyProof(of.slice(0, size), oldSize),
  checkpoint: noteAt(size, of),
});

let server: WitnessServer;
const opened: { close(): Promise<void> }[] = [];

function client(options: Partial<WitnessOptions> = {}, vkey = server.vkey) {
  const key = witnessKeyFromVkey(vkey, verifyEd25519);
  if (!key.ok) throw new Error(key.code);
  const witness = createWitness({
    key: key.value,
    url: server.url,
    allowPrivate: true,
    ...options,
  });
  opened.push(witness);
  return witness;
}

beforeEach(async () => {
  server = await WitnessServer.start();
  server.know(formatVkey(origin, raw));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await server.close();
});

describe('a witness', () => {
  it('cosigns a log that grows, at its own time', async () => {
    server.clock = () => 1_700_000_000;
    const witness = client();
    for (const [from, to] of [
      [0, 3],
      [3, 3],
      [3, 8],
      [8, 13],
      [13, 40],
    ] as const)
      expect(await witness.addCheckpoint(asked(from, to))).toMatchObject({
        kind: 'cosigned',
        cosignature: { name: server.name, cosignedAt: 1_700_000_000_000 },
      });
    expect(server.sizeOf(origin)).toBe(40);
  });

  it('says what it has seen where that differs', async () => {
    await client().addCheckpoint(asked(0, 8));
    expect(await client().addCheckpoint(asked(0, 13))).toEqual({ kind: 'conflict', size: 8 });
    expect(await client().addCheckpoint(asked(5, 6))).toEqual({ kind: 'conflict', size: 8 });
  });

  it('refuses a log with another beginning', async () => {
    await client().addCheckpoint(asked(0, 8));
    const forked = [leafHash(Buffer.from('forged')), ...leaves.slice(1)];
    expect(await client().addCheckpoint(asked(8, 13, forked))).toEqual({
      kind: 'refused',
      status: 422,
    });
    expect(await client().addCheckpoint(asked(8, 8, forked))).toEqual({
      kind: 'refused',
      status: 422,
    });
    expect(server.sizeOf(origin)).toBe(8);
  });

  it('refuses a log or a key that it does not know, and what is malformed', async () => {
    const other = { ...signer, keyId: 7 };
    const text = formatCheckpoint({ origin, size: 1, root: rootAt(1), extensions: [] });
    const elsewhere = formatCheckpoint({ origin: 'x', size: 1, root: rootAt(1), extensions: [] });
    for (const [checkpoint, status] of [
      [signNote(text, other), 403],
      [signNote(text, { ...signer, sign: () => new Uint8Array(64) }), 403],
      [signNote(elsewhere, signer), 404],
      ['nothing', 400],
    ] as const)
      expect(await client().addCheckpoint({ oldSize: 0, proof: [], checkpoint })).toEqual({
        kind: 'refused',
        status,
      });
    expect(await client().addCheckpoint({ ...asked(0, 2), oldSize: 3 })).toMatchObject({
      status: 400,
    });
  });
});

describe('an answer that is not what the protocol says', () => {
  const stranger = new WitnessServer('witness.example/w1');
  const textAt = (size: number) => noteAt(size).split('\n\n')[0] + '\n';
  it.each([
    ['200 with nothing', { status: 200, body: '' }],
    ['200 with no signature line', { status: 200, body: 'thank you\n' }],
    ['a cosignature by another key', { status: 200, body: `${stranger.cosign(textAt(2))}\n` }],
    ['201', { status: 201, body: '' }],
    ['a redirect', { status: 302, body: '' }],
    ['a conflict without a size', { status: 409, body: 'no' }],
    ['a long answer', { status: 200, body: 'x'.repeat(100_000) }],
  ])('is no cosignature: %s', async (_what, answer) => {
    server.instead = () => answer;
    const said = await client().addCheckpoint(asked(0, 2));
    expect(said).toEqual({ kind: 'answer-wrong', status: answer.status });
  });

  it.each([
    ['over another checkpoint', () => server.cosign(textAt(3))],
    ['without a time', () => server.cosign(textAt(2), 0)],
    ['from far ahead', () => server.cosign(textAt(2), Math.floor(Date.now() / 1_000) + 7_200)],
  ])('is no cosignature: its own key %s', async (_what, line) => {
    server.instead = () => ({ status: 200, body: `${line()}\n` });
    expect(await client().addCheckpoint(asked(0, 2))).toEqual({
      kind: 'answer-wrong',
      status: 200,
    });
  });

  it('counts where lines of other keys stand beside it', async () => {
    const other = new WitnessServer('witness.example/w2');
    server.instead = () => ({
      status: 200,
      body: `${other.cosign(textAt(2))}\n${server.cosign(textAt(2))}\n`,
    });
    expect(await client().addCheckpoint(asked(0, 2))).toMatchObject({ kind: 'cosigned' });
  });
});

describe('a witness that cannot be reached', () => {
  it.each([429, 500, 503])('may answer later: %i', async (status) => {
    server.instead = () => ({ status, body: '' });
    await expect(client().addCheckpoint(asked(0, 2))).rejects.toMatchObject({
      name: 'WitnessUnreachable',
      code: 'unavailable',
    });
  });

  it('is not waited for longer than its time', async () => {
    server.instead = () => new Promise(() => {});
    await expect(client({ timeoutMs: 50 }).addCheckpoint(asked(0, 2))).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('inside the network is not asked, unless that is allowed', async () => {
    await expect(client({ allowPrivate: false }).addCheckpoint(asked(0, 2))).rejects.toMatchObject({
      code: 'address-refused',
    });
    const lookup: NonNullable<WitnessOptions['lookup']> = (_name, _options, done) =>
      done(null, [{ address: '169.254.169.254', family: 4 }]);
    const named = client({ allowPrivate: false, url: 'https://witness.example/', lookup });
    await expect(named.addCheckpoint(asked(0, 2))).rejects.toMatchObject({
      code: 'address-refused',
    });
    expect(server.asked).toEqual([]);
  });
});

/* The witness's own proofs are held against the vectors of RFC 6962, as ours are. */
describe('the witness of these tests', () => {
  it('finds the same growth in every pair of sizes', () => {
    for (let size = 1; size <= leaves.length; size += 1)
      for (let old = 1; old <= size; old += 1) {
        const proof = consistencyProof(leaves.slice(0, size), old).map((hash) => Buffer.from(hash));
        const [before, after] = [old, size].map((at) => ({
          size: at,
          root: Buffer.from(rootAt(at)),
        }));
        if (before === undefined || after === undefined) throw new Error('no sizes');
        expect(isConsistent(before, after, proof)).toBe(true);
        const wrong = { ...before, root: Buffer.from(rootAt(old === 1 ? 2 : old - 1)) };
        expect(isConsistent(wrong, after, proof)).toBe(false);
        expect(isConsistent(before, after, [...proof, Buffer.alloc(32)])).toBe(false);
      }
  });
});
