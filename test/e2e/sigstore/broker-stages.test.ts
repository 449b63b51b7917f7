import { createServer } from 'node:http';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Stages } from '#application/ports/attester';
import type { JsonValue } from '#ledger/canonical-json';
import { digestOf, type Digest } from '#ledger/digest';
import { brokerAttester } from '#runtime/broker-attester';
import type { SigstoreUrls } from '#runtime/config/sigstore-urls';
import { createLog } from '#runtime/log';
import { openCircuits } from '#runtime/open-circuits';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import { faultyProxy, type FaultyProxy } from '#test/support/service/faulty-proxy';
import { listen, startWorld, STATEMENT, stop } from './signing-world.ts';
import type { World } from './signing-world.ts';

const DIGEST: Digest = digestOf(STATEMENT);
const EMAIL = 'amy@example.com';

let world: World;
const lines: string[] = [];
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
afterEach(() => {
  lines.length = 0;
  vi.useRealTimers();
});

const log = createLog(
  'debug',
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  }),
);

type Parts = Record<'fulcio' | 'tsa' | 'rekor', FaultyProxy>;

/** The three services, each behind somebody who can break it, and the broker of one process. */
async function broker(overrides: Partial<SigstoreUrls> = {}) {
  const made = await Promise.all([1, 2, 3].map(() => faultyProxy(world.authority.url)));
  onTestFinished(async () => void (await Promise.all(made.map((one) => one.close()))));
  const [fulcio, tsa, rekor] = made as [FaultyProxy, FaultyProxy, FaultyProxy];
  const parts: Parts = { fulcio, tsa, rekor };
  const urls: SigstoreUrls = {
    fulcioUrl: fulcio.url,
    tsaUrl: tsa.url,
    rekorUrl: rekor.url,
    rekorVersion: 1,
    ...overrides,
  };
  const counts = () => [fulcio, tsa, rekor].map((one) => one.requests());
  // Each press may meet another process, which knows nothing of the services yet.
  const attester = () => brokerAttester(world.issuer, urls, openCircuits(log), log);
  return { parts, attester, counts };
}

class Kept implements Stages {
  readonly all: (JsonValue | null)[] = [];
  readonly from: JsonValue | null;
  constructor(from: JsonValue | null = null) {
    this.from = from;
  }
  reached = (stage: JsonValue | null): void => void this.all.push(stage);
  get names(): unknown[] {
    return this.all.map((one) => Object(one ?? {}).stage ?? null);
  }
}

type Broker = ReturnType<Awaited<ReturnType<typeof broker>>['attester']>;
const sign = (by: Broker, stages: Stages) =>
  by.attest(STATEMENT, DIGEST, EMAIL, Date.now(), stages);

const verify = (bundle: JsonValue) =>
  createBundleVerifier(world.authority.trustedRoot)(bundle, STATEMENT);

describe('a signature that stopped', () => {
  test.each([
    ['fulcio', [], [2, 1, 1]],
    ['tsa', ['signed'], [1, 2, 1]],
    ['rekor', ['signed', 'timestamped'], [1, 1, 2]],
  ] as const)('at %s goes on there in another process', async (service, reached, asked) => {
    const { parts, attester, counts } = await broker();
    const first = new Kept();
    parts[service].fault = 'dead';
    expect(await sign(attester(), first)).toEqual({ ok: false, fault: 'unavailable' });
    expect(first.names).toEqual(reached);
    parts[service].fault = 'none';
    const second = new Kept(JSON.parse(JSON.stringify(first.all.at(-1) ?? null)));
    const answer = await sign(attester(), second);
    if (!answer.ok) throw new Error(answer.fault);
    expect(verify(answer.bundle)).toMatchObject({ verified: true, tokenSubject: DIGEST });
    expect(counts()).toEqual(asked);
    expect([...first.names, ...second.names]).toEqual(['signed', 'timestamped', 'logged']);
  });

  test('with everything there asks nobody', async () => {
    const { attester, counts } = await broker();
    const first = new Kept();
    await sign(attester(), first);
    const before = counts();
    const again = await sign(attester(), new Kept(first.all.at(-1) ?? null));
    if (!again.ok) throw new Error(again.fault);
    expect(verify(again.bundle).verified).toBe(true);
    expect(counts()).toEqual(before);
  });

  test('before its timestamp begins anew when its certificate ends', async () => {
    const { parts, attester, counts } = await broker();
    const first = new Kept();
    parts.tsa.fault = 'dead';
    await sign(attester(), first);
    parts.tsa.fault = 'none';
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 9.75 * 60_000);
    const answer = await sign(attester(), new Kept(first.all.at(-1) ?? null));
    expect(answer.ok).toBe(true);
    expect(counts()).toEqual([2, 2, 1]);
  });

  test.each([[{ stage: 'signed' }], [{ stage: 'sealed', certificate: 'AAAA' }], ['hello'], [7]])(
    'in a form that is not ours begins anew: %j',
    async (from) => {
      const { attester } = await broker();
      const kept = new Kept(from);
      expect((await sign(attester(), kept)).ok).toBe(true);
      expect(kept.names).toEqual(['signed', 'timestamped', 'logged']);
    },
  );

  test('at a service that says no is of no use any more', async () => {
    const { attester } = await broker({ rekorUrl: `${world.authority.url}/nowhere` });
    const kept = new Kept();
    expect(await sign(attester(), kept)).toEqual({ ok: false, fault: 'refused' });
    expect(kept.names).toEqual(['signed', 'timestamped', null]);
  });

  test('late goes on as well, with a fresh token where it needs one', async () => {
    const { parts, attester, counts } = await broker();
    const first = new Kept();
    parts.rekor.fault = 'dead';
    const late = (stages: Stages) =>
      attester().attestPatiently(STATEMENT, DIGEST, EMAIL, Date.now(), stages);
    expect(await late(first)).toBeNull();
    parts.rekor.fault = 'none';
    const bundle = await late(new Kept(first.all.at(-1) ?? null));
    expect(bundle === null ? null : verify(bundle)).toMatchObject({ verified: true });
    expect(counts()).toEqual([1, 1, 2]);
  });

  test('works with a Rekor v2', async () => {
    const { attester } = await broker({ rekorVersion: 2 });
    const kept = new Kept();
    const answer = await sign(attester(), kept);
    if (!answer.ok) throw new Error(answer.fault);
    expect(verify(answer.bundle).verified).toBe(true);
    expect(kept.names).toEqual(['signed', 'timestamped', 'logged']);
  });
});

describe('many presses in one process', () => {
  test.each(['fulcio', 'tsa', 'rekor'] as const)('meet a black-holed %s once', async (service) => {
    // The pause of the circuit must not run out, however slow the machine.
    vi.useFakeTimers({ toFake: ['Date'] });
    const { parts, attester } = await broker();
    const one = attester();
    parts[service].fault = 'black-holed';
    for (let press = 0; press < 12; press += 1)
      expect(await sign(one, new Kept())).toEqual({ ok: false, fault: 'unavailable' });
    expect(parts[service].requests()).toBe(1);
    expect(lines.filter((line) => line.includes('it is left alone'))).toHaveLength(1);
  });
});

describe('no token', () => {
  /** Everything that was said and kept, in a process whose authority throws requests back. */
  async function afterEcho(status: number): Promise<{ tokens: string[]; said: string }> {
    const tokens: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        tokens.push(JSON.parse(body).credentials.oidcIdentityToken);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ message: body, code: 3 }));
      });
    });
    const fulcioUrl = await listen(server);
    onTestFinished(() => stop(server));
    const { attester } = await broker({ fulcioUrl });
    const kept = new Kept();
    const answer = await sign(attester(), kept);
    const late = await attester().attestPatiently(STATEMENT, DIGEST, EMAIL, Date.now(), kept);
    return { tokens, said: JSON.stringify([answer, late, kept.all, lines]) };
  }

  test.each([400, 403, 500, 200])('is in what is said of an answer of %i', async (status) => {
    const { tokens, said } = await afterEcho(status);
    expect(tokens).toHaveLength(2);
    expect(said).toContain('Sigstore did not sign');
    for (const token of tokens)
      for (const part of token.split('.')) expect(said).not.toContain(part);
  });

  test('is in any stage that is kept', async () => {
    const { attester } = await broker();
    const kept = new Kept();
    await sign(attester(), kept);
    expect(kept.all).toHaveLength(3);
    expect(JSON.stringify(kept.all)).not.toMatch(/eyJ[\w-]+\.[\w-]+\.|PRIVATE|"d"/);
    expect(new Set(kept.all.flatMap((one) => Object.keys(Object(one))))).toEqual(
      new Set(['stage', 'signature', 'certificate', 'timestamp', 'logEntry']),
    );
  });
});
