import { bundleToJSON, bundleFromJSON } from '@sigstore/bundle';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalText, type JsonValue } from '#ledger/canonical-json';
import { attest } from '#sigstore/attest';
import type { SigningServices } from '#sigstore/attest';
import { SigningRefused } from '#sigstore/signing-errors';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import { startWorld, STATEMENT } from './signing-world.ts';
import type { World } from './signing-world.ts';

type Json = Record<string, unknown>;

let world: World;
let bundle: unknown;
beforeAll(async () => {
  world = await startWorld();
  bundle = await signed(STATEMENT);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

describe('a statement in a Rekor v2 log', () => {
  test('verifies by its timestamp, for the log promises no time', () => {
    const verdict = verdictOn(bundle);
    if (!verdict.verified) throw new Error(verdict.detail);
    expect(verdict.signedAt).toHaveLength(1);
    expect(verdict.logEntries).toHaveLength(1);
  });

  test('is a bundle that the library reads and writes unchanged', () => {
    const [entry] = entriesOf(bundleToJSON(bundleFromJSON(bundle)));
    expect(entry).toMatchObject({ kindVersion: { kind: 'hashedrekord', version: '0.0.2' } });
  });

  test('cannot be signed without a timestamp authority', async () => {
    const { fulcioUrl, rekorUrl } = world.services;
    const without: SigningServices = { fulcioUrl, rekorUrl, rekorVersion: 2 };
    await expect(signed(STATEMENT, without)).rejects.toBeInstanceOf(TypeError);
  });

  test('given to the log twice is one entry', async () => {
    const [entry] = entriesOf(bundle);
    const request = requestOf(
      JSON.parse(Buffer.from(String(entry?.['canonicalizedBody']), 'base64').toString()),
    );
    const again = await post(request);
    expect(again).toMatchObject({ status: 201, body: { logIndex: entry?.['logIndex'] } });
  });

  test.each([
    ['of another kind', () => ({ dsseRequestV002: {} })],
    ['whose digest is too short', (good: Json) => change(good, 'digest', 'AAAA')],
    ['with more than is known', (good: Json) => change(good, 'more', true)],
  ])('the log refuses an entry %s', async (_what, spoil) => {
    const [entry] = entriesOf(bundle);
    const good = requestOf(
      JSON.parse(Buffer.from(String(entry?.['canonicalizedBody']), 'base64').toString()),
    );
    expect(await post(spoil(good))).toMatchObject({ status: 400 });
  });

  test.each([
    ['another statement', 'payload-mismatch', async () => signed(Buffer.from('{}'))],
    ['the entry of another bundle', 'tlog', async () => withEntry(await other())],
    [
      'its entry with a promise',
      'tlog',
      async () => entryWith({ inclusionPromise: { signedEntryTimestamp: 'AAAA' } }),
    ],
    ['its entry with a time', 'tlog', async () => entryWith({ integratedTime: '1700000000' })],
    ['its entry at another index', 'tlog', async () => entryWith({ logIndex: '4711' })],
    [
      'its entry called another version',
      'tlog',
      async () => entryWith({ kindVersion: { kind: 'hashedrekord', version: '0.0.1' } }),
    ],
    ['no timestamp', 'timestamp', async () => withoutTimestamp()],
    ['no entry', 'tlog', async () => withEntry(undefined)],
    [
      'a body that was changed',
      'tlog',
      async () => entryWith({ canonicalizedBody: changedBody() }),
    ],
  ])('with %s is refused', async (_what, code, spoiled) => {
    expect(verdictOn(await spoiled())).toMatchObject({ verified: false, code });
  });
});

describe('a statement without a timestamp authority', () => {
  test('verifies by the promise of a Rekor v1, where timestamps are not asked for', async () => {
    const { fulcioUrl, rekorUrl } = world.services;
    const promised = await signed(STATEMENT, { fulcioUrl, rekorUrl });
    const { trustedRoot } = world.authority;
    const verdict = createBundleVerifier(trustedRoot, { tsaThreshold: 0 })(promised, STATEMENT);
    if (!verdict.verified) throw new Error(verdict.detail);
    expect(verdict.signedAt).toHaveLength(1);
    expect(verdictOn(promised)).toMatchObject({ code: 'timestamp' });
  });

  test('is refused when its promise is taken away', async () => {
    const { fulcioUrl, rekorUrl } = world.services;
    const promised = await signed(STATEMENT, { fulcioUrl, rekorUrl });
    const [entry] = entriesOf(promised);
    delete entry?.['inclusionPromise'];
    const { trustedRoot } = world.authority;
    const verdict = createBundleVerifier(trustedRoot, { tsaThreshold: 0 })(promised, STATEMENT);
    expect(verdict.verified).toBe(false);
  });

  test('cannot be signed without a log either', async () => {
    const { fulcioUrl } = world.services;
    await expect(signed(STATEMENT, { fulcioUrl })).rejects.toBeInstanceOf(TypeError);
  });
});

test('a Rekor v2 that says no is a refusal', async () => {
  const { fulcioUrl, tsaUrl, rekorUrl } = world.services;
  const elsewhere = {
    fulcioUrl,
    tsaUrl,
    rekorUrl: `${rekorUrl}/nowhere`,
    rekorVersion: 2,
  } as const;
  await expect(signed(STATEMENT, elsewhere)).rejects.toBeInstanceOf(SigningRefused);
});

async function signed(statementBytes: Uint8Array, services?: SigningServices): Promise<unknown> {
  const made = await attest({
    statementBytes,
    identityToken: await world.mint(),
    services: services ?? { ...world.services, rekorVersion: 2 },
    budgetMs: 10_000,
  });
  // As it stands: a round trip through JSON would drop what has no canonical form.
  expect(JSON.parse(canonicalText(made as unknown as JsonValue))).toStrictEqual(made);
  return structuredClone(made);
}

const verdictOn = (json: unknown) =>
  createBundleVerifier(world.authority.trustedRoot)(json, STATEMENT);

const materialOf = (json: unknown): Json => Object(json).verificationMaterial;
const entriesOf = (json: unknown): Json[] => Object(materialOf(json)['tlogEntries']);
const copy = (): unknown => structuredClone(bundle);

async function other(): Promise<Json | undefined> {
  return entriesOf(await signed(STATEMENT))[0];
}

function withEntry(entry: Json | undefined): unknown {
  const spoiled = copy();
  materialOf(spoiled)['tlogEntries'] = entry === undefined ? [] : [entry];
  return spoiled;
}

const entryWith = (members: Json): unknown => withEntry({ ...entriesOf(bundle)[0], ...members });

function withoutTimestamp(): unknown {
  const spoiled = copy();
  materialOf(spoiled)['timestampVerificationData'] = { rfc3161Timestamps: [] };
  return spoiled;
}

function changedBody(): string {
  const body = JSON.parse(
    Buffer.from(String(entriesOf(bundle)[0]?.['canonicalizedBody']), 'base64').toString(),
  );
  body.spec.hashedRekordV002.data.digest = Buffer.alloc(32).toString('base64');
  return Buffer.from(JSON.stringify(body)).toString('base64');
}

function requestOf(body: Json): Json {
  const { data, signature } = Object(body['spec']).hashedRekordV002;
  return { hashedRekordRequestV002: { digest: data.digest, signature } };
}

const change = (good: Json, name: string, value: unknown): Json => ({
  hashedRekordRequestV002: { ...Object(good['hashedRekordRequestV002']), [name]: value },
});

async function post(body: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(new URL('/api/v2/log/entries', world.authority.url), {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}
