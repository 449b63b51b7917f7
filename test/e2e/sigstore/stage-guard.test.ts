import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { attest } from '#sigstore/attest';
import type { AttestOptions } from '#sigstore/attest';
import { signingCircuits } from '#sigstore/signing-circuits';
import { stageGuard } from '#sigstore/stage-guard';
import { listen, startWorld, STATEMENT, stop } from './signing-world.ts';
import type { World } from './signing-world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Long enough for whatever answers, on whatever machine. */
const PATIENT = { fulcio: 10_000, tsa: 10_000, rekor: 10_000 };

/** Says what `status` is at the time, and counts. */
async function answering(listener: RequestListener) {
  const seen = { requests: 0 };
  const server = createServer((request, response) => {
    seen.requests += 1;
    listener(request, response);
  });
  const url = await listen(server);
  onTestFinished(() => stop(server));
  return { url, seen };
}

async function tried(options: Partial<AttestOptions>): Promise<unknown> {
  try {
    const identityToken = () => world.mint();
    const { services } = world;
    return await attest({
      statementBytes: STATEMENT,
      identityToken,
      services,
      budgetMs: 20_000,
      ...options,
    });
  } catch (error) {
    return error;
  }
}

describe.each([
  ['fulcioUrl', 'fulcio'],
  ['tsaUrl', 'tsa'],
  ['rekorUrl', 'rekor'],
] as const)('%s', (setting, service) => {
  test('that never answers costs its own budget once, and not one a press', async () => {
    const { url, seen } = await answering(() => {});
    const services = { ...world.services, [setting]: url };
    const guard = stageGuard({ ...PATIENT, [service]: 200 }, signingCircuits());
    expect(await tried({ services, guard })).toMatchObject({ code: `${service}-unavailable` });
    for (let press = 0; press < 20; press += 1)
      expect(await tried({ services, guard })).toMatchObject({ code: 'circuit-open', service });
    expect(seen.requests).toBe(1);
  });

  test('that is down is asked again after a while, by one at a time, and taken back', async () => {
    // The circuit reads the clock and has no timer.
    vi.useFakeTimers({ toFake: ['Date'] });
    const told: string[] = [];
    const down = await answering((request) => request.socket.destroy());
    const guard = stageGuard(
      PATIENT,
      signingCircuits((which, state) => told.push(`${which} ${state}`)),
    );
    const services = { ...world.services, [setting]: down.url };
    await tried({ services, guard });
    vi.setSystemTime(Date.now() + 4_900);
    await tried({ services, guard });
    expect(down.seen.requests).toBe(1);
    vi.setSystemTime(Date.now() + 200);
    await Promise.all([
      tried({ services, guard }),
      tried({ services, guard }),
      tried({ services, guard }),
    ]);
    expect(down.seen.requests).toBe(2);
    vi.setSystemTime(Date.now() + 9_000);
    await tried({ services, guard });
    expect(down.seen.requests).toBe(2);
    vi.setSystemTime(Date.now() + 1_100);
    expect(await tried({ guard })).toHaveProperty('dsseEnvelope');
    expect(await tried({ guard })).toHaveProperty('dsseEnvelope');
    expect(told).toEqual([`${service} open`, `${service} closed`]);
  });

  test('that fails on one entry fails on that one alone, and one that fails on several is left alone', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { url, seen } = await answering((_request, response) => response.writeHead(500).end());
    const failing = { ...world.services, [setting]: url };
    const told: string[] = [];
    const guard = stageGuard(
      PATIENT,
      signingCircuits((which, state) => told.push(`${which} ${state}`)),
    );
    const entry = (name: string) => Buffer.from(JSON.stringify({ name }));
    const fails = (name: string) =>
      tried({ services: failing, guard, statementBytes: entry(name) });
    const unavailable = { code: `${service}-unavailable` };
    // One that is tried again and again holds nobody else up.
    for (let retry = 0; retry < 5; retry += 1)
      expect(await fails('poisoned')).toMatchObject(unavailable);
    expect(await tried({ guard })).toHaveProperty('dsseEnvelope');
    for (const name of ['poisoned', 'second', 'second'])
      expect(await fails(name)).toMatchObject(unavailable);
    expect(told).toEqual([]);
    expect(await fails('third')).toMatchObject(unavailable);
    expect(await tried({ guard })).toMatchObject({ code: 'circuit-open', service });
    const asked = seen.requests;
    vi.setSystemTime(Date.now() + 5_100);
    expect(await fails('poisoned')).toMatchObject(unavailable);
    expect(seen.requests).toBe(asked + 1);
    vi.setSystemTime(Date.now() + 10_100);
    expect(await tried({ guard })).toHaveProperty('dsseEnvelope');
    expect(await fails('poisoned')).toMatchObject(unavailable);
    expect(await tried({ guard })).toHaveProperty('dsseEnvelope');
    expect(told).toEqual([`${service} open`, `${service} closed`]);
  });

  test('that asks to be asked less is left alone at once', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { url, seen } = await answering((_request, response) => response.writeHead(429).end());
    const services = { ...world.services, [setting]: url };
    const guard = stageGuard(PATIENT, signingCircuits());
    await tried({ services, guard });
    expect(await tried({ services, guard })).toMatchObject({ code: 'circuit-open' });
    expect(seen.requests).toBe(1);
  });

  test('that says no is alive, and is asked each time', async () => {
    const { url, seen } = await answering((_request, response) =>
      response.writeHead(400).end('{}'),
    );
    const services = { ...world.services, [setting]: url };
    const guard = stageGuard(PATIENT, signingCircuits());
    for (let press = 0; press < 3; press += 1)
      expect(await tried({ services, guard })).toMatchObject({ name: 'SigningRefused' });
    expect(seen.requests).toBe(3);
  });
});

test('a caller who gives up leaves nobody the blame', async () => {
  const { url, seen } = await answering(() => {});
  const services = { ...world.services, tsaUrl: url };
  const guard = stageGuard(PATIENT, signingCircuits());
  for (let press = 0; press < 2; press += 1) {
    const caller = new AbortController();
    const pending = tried({ services, guard, signal: caller.signal });
    await expect.poll(() => seen.requests, { timeout: 20_000 }).toBe(press + 1);
    caller.abort();
    expect(await pending).toMatchObject({ code: 'budget-exceeded' });
  }
});
