import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bypassId, tenantId } from '#domain/ids';
import { opaGate } from '#gates/opa/opa-gate';
import type { OpaSettings } from '#gates/opa/opa-settings';
import type { ObservedDeploy } from '#gates/opa/watch/decision-event';
import { OPA_WATCH_PATH, opaWatchRoute } from '#gates/opa/watch/watch-route';
import { pushAndDie } from '#test/support/gates/push-and-die';
import { OPA_EXAMPLE, opaProgram, startRealOpa, type RealOpa } from '#test/support/gates/real-opa';
import { ARTIFACT, ENTRY, wanted } from '#test/support/gates/wanted';
import { tell } from '#test/support/interop/results';
import { freePort } from '#test/support/service/free-port';

const ACME = tenantId('acme');
const GATE = 'image-policy';
const WATCH_TOKEN = 'w'.repeat(32);
const UNWATCHED_PORT = 9;

const program = opaProgram();
const why =
  program === undefined
    ? ' (skipped: no opa: `npm run interop` builds it, or name one in OPA_BIN)'
    : '';

/** OPA's configuration: decision logs to a service on this machine, each second. */
const watchedAt = (port: number) => ({
  services: {
    breakglass: {
      url: `http://127.0.0.1:${port}`,
      credentials: { bearer: { token: WATCH_TOKEN } },
    },
  },
  decision_logs: {
    service: 'breakglass',
    resource: OPA_WATCH_PATH,
    reporting: { min_delay_seconds: 1, max_delay_seconds: 1 },
  },
});

function gateAt(url: string, settings: Partial<OpaSettings> = {}) {
  return opaGate({
    tenant: ACME,
    gateSettings: () => Promise.resolve({}),
    settings: {
      urls: [url],
      token: null,
      caFile: null,
      dataPath: ['breakglass', 'exceptions'],
      decisionPath: ['breakglass', 'gate', 'decision'],
      watchToken: WATCH_TOKEN,
      ...settings,
    },
  });
}

interface Decision {
  readonly allow: boolean;
  readonly breakglass: { readonly decision: string; readonly bypass?: string };
}

async function decide({ url }: { readonly url: string }, change: object = {}): Promise<Decision> {
  const input = {
    service: 'checkout',
    environment: 'production',
    image: { digest: ARTIFACT, signed: false },
    run: 'run-7#1',
    ...change,
  };
  const response = await fetch(`${url}/v1/data/deploy/decision`, {
    method: 'POST',
    body: JSON.stringify({ input }),
  });
  const { result } = (await response.json()) as { readonly result: Decision };
  return result;
}

/** Holds a decision of OPA against ours, and puts it into the table of `npm run interop`. */
function judges(
  check: string,
  decision: { readonly allow: boolean } | undefined,
  expected: boolean,
): void {
  const allow = decision?.allow;
  const outcome = allow === true ? 'allowed' : 'denied';
  tell({ world: 'a deploy at OPA', check, by: 'opa', outcome, agrees: allow === expected });
  expect(allow).toBe(expected);
}

async function opened(options: Parameters<typeof startRealOpa>[0]): Promise<RealOpa> {
  const opa = await startRealOpa(options);
  onTestFinished(() => opa[Symbol.asyncDispose]());
  return opa;
}

describe.skipIf(program === undefined)(`a real OPA${why}`, () => {
  it('passes the tests of the example policy', () => {
    const said = execFileSync(program ?? '', ['test', OPA_EXAMPLE], { encoding: 'utf8' });
    expect(said).toMatch(/PASS: \d\d\/\d\d/);
    execFileSync(program ?? '', ['check', '--strict', OPA_EXAMPLE]);
  });

  it('denies, is bypassed by what was pushed, and denies again when that is gone', async () => {
    const opa = await opened({ config: watchedAt(UNWATCHED_PORT) });
    const gate = gateAt(opa.url);
    const facts = {
      gate: GATE,
      service: 'checkout',
      environment: 'production',
      branch: null,
      artifact: ARTIFACT,
    };
    const enforces = () => gate.enforces(ACME, facts, bypassId('b1'));
    judges('without a bypass', await decide(opa), false);
    expect(await enforces()).toBe(true);

    await gate.reconcile(ACME, GATE, [wanted('b1')]);
    const under = await decide(opa);
    expect(under).toMatchObject({ breakglass: { bypass: 'b1' } });
    judges('under a bypass', under, true);
    judges('beside the scope: another service', await decide(opa, { service: 'ledger' }), false);
    judges('beside the scope: environment', await decide(opa, { environment: 'staging' }), false);
    judges('beside the scope: no digest', await decide(opa, { image: { signed: false } }), false);
    expect(await enforces()).toBe(false);

    await gate.reconcile(ACME, GATE, [wanted('b2'), wanted('b3', { scope: { branch: 'main' } })]);
    expect(await decide(opa)).toMatchObject({ breakglass: { bypass: 'b2' } });
    expect(await enforces()).toBe(true);

    await gate.reconcile(ACME, GATE, []);
    judges('after the close', await decide(opa), false);
    expect(await gate.forgetOthers(ACME, [])).toEqual([GATE]);
  });

  it('denies again at the expiry, with the service killed that pushed it', async () => {
    const opa = await opened({ config: watchedAt(UNWATCHED_PORT) });
    // Starting over with more time is for slow machines: the bypass must be seen before it ends.
    for (const ttlMs of [3_000, 15_000, 60_000]) {
      const expiresAt = await pushAndDie('opa', opa.url, ttlMs);
      const [first] = await decidedUntil(opa, expiresAt, 1);
      if (first?.allow !== true) continue;
      const answers = await decidedUntil(opa, expiresAt);
      judges('under what was pushed, the service killed', first, true);
      judges('at the expiry, the service still dead', answers.at(-1), false);
      expect(answers.filter(({ allow, askedAt }) => allow && askedAt >= expiresAt)).toEqual([]);
      return;
    }
    expect.unreachable('no bypass was seen');
  }, 120_000);

  it('tells the watch what it let through, and nothing of read-backs', async () => {
    const observed: ObservedDeploy[] = [];
    const unreadable: (string | null)[] = [];
    const port = await freePort();
    const route = opaWatchRoute({
      token: WATCH_TOKEN,
      log: { error: () => undefined },
      watcher: {
        observed: (deploy) => Promise.resolve(void observed.push(deploy)),
        unreadable: (id) => Promise.resolve(void unreadable.push(id)),
      },
    });
    const server = serve({ fetch: route, port, hostname: '127.0.0.1' });
    onTestFinished(() => void server.close());
    const opa = await opened({ config: watchedAt(port) });
    const gate = gateAt(opa.url);
    await gate.reconcile(ACME, GATE, [wanted('b1')]);
    const facts = {
      gate: GATE,
      service: 'checkout',
      environment: 'production',
      branch: null,
      artifact: ARTIFACT,
    };
    expect(await gate.enforces(ACME, facts, bypassId('b1'))).toBe(false);
    await decide(opa);
    await decide(opa, { image: { digest: ARTIFACT, signed: true } });
    await decide(opa, { run: 'run-8#1' });
    await expect.poll(() => observed.length, { timeout: 60_000 }).toBe(2);
    expect(observed.map(({ deploy }) => deploy)).toEqual(['run-7#1', 'run-8#1']);
    expect(observed[0]).toMatchObject({ facts, used: { bypass: 'b1', entry: ENTRY } });
    expect(unreadable).toEqual([]);
  }, 120_000);

  it.each([
    ['owns every path', {}, 'path-not-ours'],
    ['owns the path of the exceptions', { roots: ['breakglass', 'deploy'] }, 'path-not-ours'],
    ['owns the policy alone', { roots: ['breakglass/gate', 'deploy'] }, 'taken'],
  ])('whose bundle %s', async (_, manifest, expected) => {
    const bundle = await builtBundle(manifest);
    const config = {
      ...watchedAt(UNWATCHED_PORT),
      bundles: { main: { resource: `file://${bundle}` } },
    };
    const opa = await opened({ config, args: [] });
    await expect.poll(() => decide(opa), { timeout: 60_000 }).toMatchObject({ allow: false });
    const pushed = gateAt(opa.url).reconcile(ACME, GATE, [wanted('b1')]);
    const outcome = await pushed.then(
      () => 'taken',
      ({ code }: { code: string }) => code,
    );
    expect(outcome).toBe(expected);
    expect(await decide(opa)).toMatchObject({ allow: expected === 'taken' });
  });

  it('that asks for a token lets the service push, and nobody else', async () => {
    process.env['BREAKGLASS_OPA_TOKEN'] = 'opa-token';
    onTestFinished(() => void delete process.env['BREAKGLASS_OPA_TOKEN']);
    const opa = await opened({
      config: watchedAt(UNWATCHED_PORT),
      args: ['--authentication=token', '--authorization=basic', OPA_EXAMPLE],
    });
    for (const token of [null, 'another'])
      await expect(
        gateAt(opa.url, { token }).reconcile(ACME, GATE, [wanted('b1')]),
      ).rejects.toMatchObject({ code: 'not-authorised' });
    await gateAt(opa.url, { token: 'opa-token' }).reconcile(ACME, GATE, [wanted('b1')]);
    expect(await decide(opa)).toMatchObject({ allow: true });
    const policy = await fetch(`${opa.url}/v1/policies/x`, {
      method: 'PUT',
      headers: { authorization: 'Bearer opa-token' },
      body: 'package x',
    });
    expect(policy.status).toBe(401);
  });
});

/** Asks again and again until it is denied at or after `expiresAt`, or `most` times. */
async function decidedUntil(opa: RealOpa, expiresAt: number, most = Infinity) {
  const answers: { readonly allow: boolean; readonly askedAt: number }[] = [];
  while (answers.length < most) {
    const askedAt = Date.now();
    const { allow } = await decide(opa);
    answers.push({ allow, askedAt });
    if (askedAt >= expiresAt) break;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  return answers;
}

async function builtBundle(manifest: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'opa-bundle-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const source = join(folder, 'source');
  execFileSync('mkdir', [source]);
  for (const name of ['breakglass.rego', 'deploy.rego'])
    execFileSync('cp', [join(OPA_EXAMPLE, name), source]);
  await writeFile(join(source, '.manifest'), JSON.stringify(manifest));
  const bundle = join(folder, 'bundle.tar.gz');
  execFileSync(program ?? '', ['build', '--bundle', source, '--output', bundle]);
  return bundle;
}
