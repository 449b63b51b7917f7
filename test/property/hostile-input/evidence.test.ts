import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConflict } from '#ledger/add-checkpoint';
import { formatCheckpoint, parseCheckpoint } from '#ledger/checkpoint';
import { compareProvenance } from '#application/provenance/compare-provenance';
import { slsaSubjects } from '#ledger/provenance/slsa-subjects';
import { readExport } from '#ledger/export/read-export';
import { readIdToken } from '#ledger/verify/sign-ins/id-token';
import { readStatement } from '#ledger/read-statement';
import { formatNote, parseNote } from '#ledger/signed-note';
import { formatTlogProof, parseTlogProof } from '#ledger/tlog-proof';
import { readCosignatures, witnessKeyFromVkey, formatWitnessVkey } from '#ledger/cosignature';
import { isTrustedRoot } from '#sigstore/is-trusted-root';
import { generateServiceKey, signEnvelope, verifyEnvelope } from '#sigstore/service-key';
import { fromStoredStage } from '#sigstore/stored-stage';
import { attempt, historyOf } from '#test/support/replay/random-history';
import { linesOf, seal, testKeys } from '#test/support/replay/sealed-log';
import {
  hostileBytes,
  hostileJson,
  hostileJsonText,
  hostileText,
} from '#test/support/hostile/arbitraries';
import { IMAGE, inBundle, inEnvelope, slsaStatement } from '#test/support/provenance/attestations';
import { neverThrows } from '#test/support/hostile/never-throws';

const keys = testKeys();
const [first = []] = fc.sample(fc.array(attempt, { minLength: 10, maxLength: 20 }), {
  seed: 7,
  numRuns: 1,
});
const { entries } = historyOf(first);
const statements = entries.map((one) => one.statement);
const sealed = seal(entries, keys);
const exported = await linesOf(sealed, keys);
const checkpoint = formatCheckpoint({
  origin: 'log.example/acme',
  size: 7,
  root: new Uint8Array(32),
  extensions: [],
});
const note = formatNote({
  text: checkpoint,
  signatures: [{ name: 'log.example/acme', keyId: 7, signature: new Uint8Array(64) }],
});
const proof = formatTlogProof({
  index: 3,
  proof: [new Uint8Array(32), new Uint8Array(32)],
  checkpoint: note,
});
const jwt = (claims: object): string =>
  [{ alg: 'ES256', kid: 'one' }, claims, 'sealed']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
const CLAIMS = {
  iss: 'https://idp.example',
  sub: 'roe',
  aud: 'breakglass',
  exp: 2_000_000_000,
  iat: 1_900_000_000,
  auth_time: 1_900_000_000,
  nonce: 'n',
  email: 'roe@acme.example',
  email_verified: true,
};
const provenance = slsaStatement([IMAGE]);
const NAMED = { digest: 'sha256:', artifact: IMAGE };
const service = generateServiceKey();
const envelope = signEnvelope(statements[0] ?? new Uint8Array(), service);
const STAGE = { stage: 'signed', signature: 'AAAA', certificate: 'AAAA' };
const isTime = (ms: number | null): boolean => ms === null || Number.isSafeInteger(ms);

describe('what an auditor is handed, from whoever wrote it', () => {
  it('as a signed note', () =>
    neverThrows(hostileText(note, checkpoint), parseNote, {
      holds: (read) => void (read.ok && formatNote(read.value)),
    }));

  it('as a checkpoint', () =>
    neverThrows(hostileText(checkpoint), parseCheckpoint, {
      holds: (read, text) => void (read.ok && expect(formatCheckpoint(read.value)).toBe(text)),
    }));

  it('as a proof of one entry', () =>
    neverThrows(hostileText(proof), parseTlogProof, {
      holds: (read, text) => void (read.ok && expect(formatTlogProof(read.value)).toBe(text)),
    }));

  it('as the key and the signatures of a witness', async () => {
    const vkey = formatWitnessVkey('witness.example', new Uint8Array(32));
    await neverThrows(hostileText(vkey), (text) => witnessKeyFromVkey(text, () => true));
    const key = witnessKeyFromVkey(vkey, () => true);
    if (!key.ok) throw new RangeError('this is a key');
    const bytes = Buffer.alloc(76, 255);
    bytes.writeUInt32BE(key.value.keyId);
    const cosigned = `${note}— witness.example ${bytes.toString('base64')}\n`;
    await neverThrows(hostileText(cosigned), (text) => readCosignatures(text, [key.value]), {
      holds: (read) => {
        if (read.ok) expect(read.value.filter((each) => !isTime(each.cosignedAt))).toEqual([]);
      },
    });
  });

  it('as the size in an answer of a witness', () =>
    neverThrows(hostileText('7\n'), parseConflict, {
      holds: (size) => expect(size === undefined || Number.isSafeInteger(size)).toBe(true),
    }));

  it('as the statement of an entry', () =>
    neverThrows(hostileBytes(...statements), readStatement, { runs: 150 }));

  it('as an export', async () => {
    const line = fc.tuple(fc.nat(exported.length - 1), hostileText(...exported));
    const edits = fc.array(line, { minLength: 1, maxLength: 2 });
    await neverThrows(edits, async (all) => {
      const lines = [...exported];
      for (const [at, text] of all) lines[at] = text;
      for await (const _ of readExport(one(lines)));
    });
  });

  it('as the envelope of the service', () =>
    neverThrows(hostileJson(envelope), (read) => verifyEnvelope(read, [service.publicKeyPem])));

  it('as a trusted root', () =>
    neverThrows(
      hostileJson({ mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1' }),
      isTrustedRoot,
    ));

  it('as an ID token', () =>
    neverThrows(
      fc.oneof(
        hostileText(jwt(CLAIMS)),
        hostileJson(CLAIMS).map((claims) => jwt(Object(claims))),
      ),
      readIdToken,
      {
        holds: (read) => {
          if (!read.ok) return;
          const { issuedAt, expiresAt, authenticatedAt } = read.token;
          expect([issuedAt, expiresAt, authenticatedAt].filter((at) => !isTime(at))).toEqual([]);
        },
      },
    ));

  it('as the provenance of a deploy', async () => {
    const wrapped = [provenance, inEnvelope(provenance), inBundle(provenance)];
    await neverThrows(
      hostileJsonText(...wrapped).map((text) => new TextEncoder().encode(text)),
      (bytes) => [slsaSubjects(bytes), compareProvenance(bytes, NAMED)],
    );
    await neverThrows(hostileBytes(new Uint8Array([255, 254, 0])), slsaSubjects);
  });

  it('as a stage of signing that another version stored', () =>
    neverThrows(hostileJson(STAGE), (stage) =>
      fromStoredStage(stage, new Uint8Array(3), new Date(0)),
    ));
});

async function* one(lines: readonly string[]): AsyncGenerator<readonly string[]> {
  yield lines;
}
