import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newCertificateAuthority } from '#sigstore/embedded/authority-certificates';
import { issueLeaf } from '#sigstore/embedded/leaf-certificate';
import { newSigningKey } from '#sigstore/embedded/signing-key';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import type { VerifyBundle } from '#sigstore/verify-bundle';
import { STATEMENT, STATEMENT_DIGEST, startWorld } from './signing-world.ts';
import type { World } from './signing-world.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

let world: World;
let verify: VerifyBundle;
let good: Json;
let other: Json;

beforeAll(async () => {
  world = await startWorld();
  verify = createBundleVerifier(world.authority.trustedRoot);
  // The other one first: its certificate is valid when the good one is signed, whatever second it is.
  [other, good] = [copy(await world.attest()), copy(await world.attest())];
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const MATERIAL = ['verificationMaterial'];
const ENTRY = [...MATERIAL, 'tlogEntries', 0];
const PROOF = [...ENTRY, 'inclusionProof'];
const STAMP = [...MATERIAL, 'timestampVerificationData', 'rfc3161Timestamps', 0, 'signedTimestamp'];
const CERTIFICATE = [...MATERIAL, 'certificate', 'rawBytes'];
const SIGNATURE = ['dsseEnvelope', 'signatures', 0, 'sig'];
const PAYLOAD = ['dsseEnvelope', 'payload'];

test('what is tampered with below verifies untouched', () => {
  expect(verify(good, STATEMENT).verified).toBe(true);
  expect(verify(other, STATEMENT).verified).toBe(true);
});

describe('a changed envelope', () => {
  test('payload: payload-mismatch', () => {
    expect(verify(changed(PAYLOAD, base64('{}')), STATEMENT)).toMatchObject({
      code: 'payload-mismatch',
    });
  });

  test('payload and the statement beside it: tlog', () => {
    const forged = Buffer.from('{"forged":true}');
    expect(verify(changed(PAYLOAD, base64(forged)), forged)).toMatchObject({ code: 'tlog' });
  });

  test('payload and statement, log entry taken away: signature', () => {
    const lenient = createBundleVerifier(world.authority.trustedRoot, { tlogThreshold: 0 });
    const forged = Buffer.from('{"forged":true}');
    const bundle = withValue(changed(PAYLOAD, base64(forged)), [...MATERIAL, 'tlogEntries'], []);
    expect(lenient(bundle, forged)).toMatchObject({ code: 'signature' });
  });

  test('payload type: payload-type', () => {
    const bundle = changed(['dsseEnvelope', 'payloadType'], 'application/json');
    expect(verify(bundle, STATEMENT)).toMatchObject({ code: 'payload-type' });
  });

  test('signature flipped by a bit: signature', () => {
    expect(verify(changed(SIGNATURE, flipped(SIGNATURE, -1)), STATEMENT)).toMatchObject({
      code: 'signature',
    });
  });

  test('signature of another bundle: signature', () => {
    expect(verify(changed(SIGNATURE, at(other, SIGNATURE)), STATEMENT)).toMatchObject({
      code: 'signature',
    });
  });

  test('a second signature: malformed', () => {
    const signatures = at(good, ['dsseEnvelope', 'signatures']);
    if (!Array.isArray(signatures)) throw new Error('no signatures');
    const bundle = changed(['dsseEnvelope', 'signatures'], [...signatures, ...signatures]);
    expect(verify(bundle, STATEMENT)).toMatchObject({ code: 'malformed' });
  });
});

describe('a changed certificate', () => {
  test('of another signing: the log entry is for the first one', () => {
    expect(verify(changed(CERTIFICATE, at(other, CERTIFICATE)), STATEMENT)).toMatchObject({
      code: 'tlog',
    });
  });

  test('of another signing, without a log: signature', () => {
    const lenient = createBundleVerifier(world.authority.trustedRoot, { tlogThreshold: 0 });
    const swapped = changed(CERTIFICATE, at(other, CERTIFICATE));
    const bundle = withValue(swapped, [...MATERIAL, 'tlogEntries'], []);
    expect(lenient(bundle, STATEMENT)).toMatchObject({ code: 'signature' });
  });

  test('by a stranger with the same names: certificate', () => {
    const lenient = createBundleVerifier(world.authority.trustedRoot, { tlogThreshold: 0 });
    const swapped = changed(CERTIFICATE, strangersCertificate());
    const bundle = withValue(swapped, [...MATERIAL, 'tlogEntries'], []);
    expect(lenient(bundle, STATEMENT)).toMatchObject({ code: 'certificate' });
  });

  test('not a certificate at all: certificate', () => {
    const bundle = changed(CERTIFICATE, base64('hello'));
    expect(verify(bundle, STATEMENT)).toMatchObject({ code: 'certificate' });
  });
});

describe('a changed timestamp', () => {
  test('of another signature: timestamp', () => {
    expect(verify(changed(STAMP, at(other, STAMP)), STATEMENT)).toMatchObject({
      code: 'timestamp',
    });
  });

  test('its last bit flipped: timestamp', () => {
    expect(verify(changed(STAMP, flipped(STAMP, -1)), STATEMENT)).toMatchObject({
      code: 'timestamp',
    });
  });

  test('cut short: timestamp', () => {
    const cut = bytesAt(STAMP).subarray(0, 40);
    expect(verify(changed(STAMP, base64(cut)), STATEMENT)).toMatchObject({ code: 'timestamp' });
  });

  test('taken away: timestamp, for the promise of the log is none', () => {
    const none = changed([...MATERIAL, 'timestampVerificationData', 'rfc3161Timestamps'], []);
    expect(verify(none, STATEMENT)).toMatchObject({ code: 'timestamp' });
  });
});

describe('a changed log entry', () => {
  test.each<[string, (string | number)[]]>([
    ['checkpoint', [...PROOF, 'checkpoint', 'envelope']],
    ['inclusion proof', [...PROOF, 'hashes']],
    ['body', [...ENTRY, 'canonicalizedBody']],
    ['promise', [...ENTRY, 'inclusionPromise', 'signedEntryTimestamp']],
    ['whole entry', ENTRY],
  ])('%s of another entry: tlog', (_what, path) => {
    expect(at(other, path)).not.toEqual(at(good, path));
    expect(verify(changed(path, at(other, path)), STATEMENT)).toMatchObject({ code: 'tlog' });
  });

  test.each<[string, (string | number)[], Json]>([
    ['index', [...ENTRY, 'logIndex'], '7'],
    ['index of the proof', [...PROOF, 'logIndex'], '0'],
    ['time', [...ENTRY, 'integratedTime'], String(Math.floor(Date.now() / 1000) + 60)],
    ['tree size', [...PROOF, 'treeSize'], '99'],
    ['root', [...PROOF, 'rootHash'], base64('r'.repeat(32))],
    ['hash', [...PROOF, 'hashes', 0], base64('h'.repeat(32))],
    ['log id', [...ENTRY, 'logId', 'keyId'], base64('k'.repeat(32))],
    ['checkpoint', [...PROOF, 'checkpoint', 'envelope'], 'rekor.embedded.localhost - 1\n2\nAA==\n'],
  ])('%s forged: tlog', (_what, path, value) => {
    expect(verify(changed(path, value), STATEMENT)).toMatchObject({ code: 'tlog' });
  });

  test('the proof taken away: malformed, as v0.3 demands one', () => {
    expect(verify(changed(PROOF, null), STATEMENT)).toMatchObject({ code: 'malformed' });
  });

  test('taken away: tlog', () => {
    const none = changed([...MATERIAL, 'tlogEntries'], []);
    expect(verify(none, STATEMENT)).toMatchObject({ code: 'tlog' });
  });

  test('the same entry twice counts once: two were wanted', () => {
    const two = createBundleVerifier(world.authority.trustedRoot, { tlogThreshold: 2 });
    const entries = [at(good, ENTRY), at(good, ENTRY)];
    const bundle = changed([...MATERIAL, 'tlogEntries'], entries);
    expect(two(bundle, STATEMENT).verified).toBe(false);
  });
});

describe('what is not a bundle of v0.3', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', 'bundle'],
    ['an empty object', {}],
  ])('%s: malformed', (_what, value) => {
    expect(verify(value, STATEMENT)).toMatchObject({ code: 'malformed' });
  });

  test('an older version, which needs no proof: malformed', () => {
    const old = changed(['mediaType'], 'application/vnd.dev.sigstore.bundle+json;version=0.2');
    expect(verify(old, STATEMENT)).toMatchObject({ code: 'malformed' });
  });
});

test('a bundle of another authority is refused under this trusted root', async () => {
  await using stranger = await startWorld();
  const verdict = verify(copy(await stranger.attest()), STATEMENT);
  expect(verdict).toMatchObject({ verified: false, code: 'timestamp' });
});

function strangersCertificate(): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = issueLeaf({
    authority: newCertificateAuthority(new Date()),
    ctLog: newSigningKey(),
    spki: publicKey.export({ format: 'der', type: 'spki' }),
    identity: {
      type: 'email',
      name: 'amy@example.com',
      issuer: world.issuer.issuerUrl,
      subject: STATEMENT_DIGEST,
    },
    now: new Date(),
  });
  return new X509Certificate(pem).raw.toString('base64');
}

function changed(path: readonly (string | number)[], value: Json): Json {
  return withValue(good, path, value);
}

function withValue(from: Json, path: readonly (string | number)[], value: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(from)) {
    return from.map((member, index) => (index === key ? withValue(member, rest, value) : member));
  }
  if (from === null || typeof from !== 'object' || !(key in from)) throw new Error(`no ${key}`);
  return { ...from, [key]: withValue(from[key] ?? null, rest, value) };
}

function at(from: Json, path: readonly (string | number)[]): Json {
  return path.reduce<Json>((value, key) => {
    const next = Object.entries(value ?? {}).find(([name]) => name === String(key));
    if (next === undefined) throw new Error(`no ${key}`);
    return next[1];
  }, from);
}

function flipped(path: readonly (string | number)[], index: number): string {
  const bytes = bytesAt(path);
  const place = (bytes.length + index) % bytes.length;
  bytes[place] = bytes.readUInt8(place) ^ 1;
  return bytes.toString('base64');
}

function bytesAt(path: readonly (string | number)[]): Buffer {
  const value = at(good, path);
  if (typeof value !== 'string') throw new Error('not base64');
  return Buffer.from(value, 'base64');
}

function base64(value: string | Buffer): string {
  return Buffer.from(value).toString('base64');
}

function copy(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
