import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { dsse } from '@sigstore/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateServiceKey } from '#sigstore/service-key';
import { startWorld, STATEMENT } from './signing-world.ts';
import type { World } from './signing-world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

describe('the log', () => {
  test('gives an entry by its id and by its index', async () => {
    const { body: made, location } = await propose(entry());
    const [byId] = Object.values(await get(location));
    const [index] = Object.values(made).map((one) => Object(one).logIndex);
    const [byIndex] = Object.values(await get(`/api/v1/log/entries?logIndex=${index}`));
    const [posted] = Object.values(made);
    for (const found of [byId, byIndex]) {
      expect(Object(found).body).toBe(Object(posted).body);
      expect(Object(found).logIndex).toBe(index);
    }
  });

  test('refuses the same entry twice and says where it is', async () => {
    const proposal = entry();
    const first = await propose(proposal);
    expect(first.status).toBe(201);
    const second = await propose(proposal);
    expect(second.status).toBe(409);
    expect(second.location).toBe(first.location);
    expect(second.body).toMatchObject({ code: 409 });
  });

  test.each([
    ['with a signature by another key', { verifier: generateServiceKey().publicKeyPem }],
    ['with a verifier that is no key', { verifier: 'hello' }],
    ['with a private key for a verifier', { verifier: generateServiceKey().privateKeyPem }],
    ['of another kind', { kind: 'hashedrekord' }],
    ['of another version', { apiVersion: '0.0.2' }],
    ['with an envelope that is no JSON', { envelope: 'hello' }],
  ])('refuses an entry %s', async (_what, change) => {
    const size = Object(await get('/api/v1/log')).treeSize;
    const answer = await propose(entry(change));
    expect(answer).toMatchObject({ status: 400, body: { code: 400 } });
    expect(Object(await get('/api/v1/log')).treeSize).toBe(size);
  });

  test('keeps its entries apart when they come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => propose(entry())));
    const indexes = answers
      .flatMap(({ body }) => Object.values(body))
      .map((e) => Object(e).logIndex);
    expect(new Set(indexes).size).toBe(8);
  });

  test('signs its head with the key it publishes, under a v1 origin', async () => {
    const head = Object(await get('/api/v1/log'));
    const pem = await (await fetch(`${world.authority.url}/api/v1/log/publicKey`)).text();
    const [text = '', signatures = ''] = String(head.signedTreeHead).split('\n\n');
    expect(text).toMatch(/^\S+ - \d+\n\d+\n[A-Za-z0-9+/]{43}=$/);
    const signature = Buffer.from(signatures.trim().split(' ')[2] ?? '', 'base64').subarray(4);
    expect(verify('sha256', Buffer.from(`${text}\n`), createPublicKey(pem), signature)).toBe(true);
  });

  test.each(['/api/v1/log/entries?logIndex=99999', '/api/v1/log/entries/abc', '/nothing'])(
    'has nothing at %s',
    async (path) => {
      const response = await fetch(`${world.authority.url}${path}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 404 });
    },
  );
});

describe('the timestamp service', () => {
  test.each([
    { artifactHash: Buffer.alloc(20).toString('base64'), hashAlgorithm: 'sha1' },
    { artifactHash: Buffer.alloc(20).toString('base64'), hashAlgorithm: 'sha256' },
    { hashAlgorithm: 'sha256' },
    'hello',
  ])('refuses %j', async (request) => {
    const answer = await stamp(JSON.stringify(request), 'application/json');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 400 });
  });

  test('refuses DER that is no query', async () => {
    for (const bytes of ['', 'hello', '0\u0003\u0002\u0001\u0001', '0\u0000']) {
      expect((await stamp(bytes, 'application/timestamp-query')).status).toBe(400);
    }
  });
});

test('a request too large to be one is refused', async () => {
  const answer = await stamp(`"${'x'.repeat(2 * 1024 * 1024)}"`, 'application/json');
  expect(answer.status).toBe(413);
});

test('the trusted root and the trust bundle are served', async () => {
  expect(await get('/trusted-root.json')).toEqual(world.authority.trustedRoot);
  const { chains } = Object(await get('/api/v2/trustBundle'));
  expect(chains).toHaveLength(1);
  expect(chains[0].certificates[0]).toContain('BEGIN CERTIFICATE');
});

function entry(
  change: { verifier?: string; kind?: string; apiVersion?: string; envelope?: string } = {},
): unknown {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const payloadType = 'application/vnd.in-toto+json';
  const sig = sign('sha256', dsse.preAuthEncoding(payloadType, STATEMENT), privateKey);
  const payload = STATEMENT.toString('base64');
  const signatures = [{ sig: sig.toString('base64'), keyid: '' }];
  const verifier = change.verifier ?? publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const envelope = change.envelope ?? JSON.stringify({ payload, payloadType, signatures });
  const verifiers = [Buffer.from(verifier).toString('base64')];
  return {
    apiVersion: change.apiVersion ?? '0.0.1',
    kind: change.kind ?? 'dsse',
    spec: { proposedContent: { envelope, verifiers } },
  };
}

async function propose(
  proposal: unknown,
): Promise<{ status: number; location: string; body: Record<string, unknown> }> {
  const response = await fetch(`${world.authority.url}/api/v1/log/entries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(proposal),
  });
  const body: unknown = await response.json();
  const location = response.headers.get('location') ?? '';
  return { status: response.status, location, body: { ...Object(body) } };
}

async function get(path: string): Promise<object> {
  return Object(await (await fetch(`${world.authority.url}${path}`)).json());
}

async function stamp(body: string, type: string): Promise<Response> {
  const headers = { 'content-type': type };
  return await fetch(`${world.authority.url}/api/v1/timestamp`, { method: 'POST', headers, body });
}
