import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditChecks } from '#cli/audit-checks';
import { formatCheckpoint } from '#ledger/checkpoint';
import { readCosignatures, withCosignatures, witnessKeyFromVkey } from '#ledger/cosignature';
import { consistencyProof, leafHash, rootOf } from '#ledger/merkle';
import { ED25519_NOTE, noteKeyId } from '#ledger/note-key';
import { signNote } from '#ledger/note-verify';
import { createWitness } from '#notify/witness/witness-client';
import { startLitewitness, type Litewitness } from '#test/support/interop/litewitness';
import { tell } from '#test/support/interop/results';
import { skips } from '#test/support/interop/skip';
import { testKeys } from '#test/support/replay/sealed-log';
import { ORIGIN } from '#test/support/replay/test-log';

const skipped = skips(
  'checkpoints cosigned by a real witness',
  ['litewitness'],
  ['ssh-agent', 'ssh-add', 'ssh-keygen'],
);
const { verifyEd25519 } = auditChecks({});
const keys = testKeys();
const log = {
  name: ORIGIN,
  keyId: noteKeyId(ORIGIN, ED25519_NOTE, keys.logKey),
  sign: keys.signLog,
};
const leaves = Array.from({ length: 20 }, (_, place) => leafHash(Buffer.from(`entry ${place}`)));
const otherLeaves = leaves.with(3, leafHash(Buffer.from('rewritten')));
const checkpointOf = (size: number, of = leaves): string =>
  signNote(
    formatCheckpoint({ origin: ORIGIN, size, root: rootOf(of.slice(0, size)), extensions: [] }),
    log,
  );
const asked = (oldSize: number, size: number, of = leaves) => ({
  oldSize,
  proof: consistencyProof(of.slice(0, size), oldSize),
  checkpoint: checkpointOf(size, of),
});

describe.skipIf(skipped)('litewitness', () => {
  let running: Litewitness;
  beforeAll(async () => {
    running = await startLitewitness();
    running.know(ORIGIN, keys.vkey);
  });
  afterAll(async () => {
    await running[Symbol.asyncDispose]();
  });

  async function answered(check: string, expected: object, request: ReturnType<typeof asked>) {
    const key = witnessKeyFromVkey(running.vkey, verifyEd25519);
    if (!key.ok) throw new Error(key.code);
    const witness = createWitness({ key: key.value, url: running.url, allowPrivate: true });
    const answer = await witness.addCheckpoint(request);
    await witness.close();
    const agrees = Object.entries(expected).every(
      ([name, value]) => Object.entries(answer).find(([own]) => own === name)?.[1] === value,
    );
    const world = 'a C2SP witness';
    tell({ world, check, by: 'litewitness', outcome: answer.kind, agrees });
    expect(answer).toMatchObject(expected);
    return { answer, key: key.value };
  }

  test('cosigns our checkpoints as the log grows, and we verify what it says', async () => {
    await answered('first checkpoint', { kind: 'cosigned' }, asked(0, 7));
    const { answer, key } = await answered('a later one', { kind: 'cosigned' }, asked(7, 20));
    if (answer.kind !== 'cosigned') throw new Error(answer.kind);
    const note = withCosignatures(checkpointOf(20), [answer.cosignature.line]);
    expect(readCosignatures(note, [key])).toMatchObject({
      ok: true,
      value: [{ name: key.name, cosignedAt: answer.cosignature.cosignedAt }],
    });
  });

  test('tells what it has seen, and refuses a log that was written anew', async () => {
    await answered('told a wrong size', { kind: 'conflict', size: 20 }, asked(7, 20));
    const rewritten = asked(20, 20, otherLeaves);
    await answered('a rewritten log', { kind: 'refused', status: 422 }, rewritten);
  });
});
