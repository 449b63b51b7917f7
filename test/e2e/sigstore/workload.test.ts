import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { pino } from 'pino';
import { workloadSigner } from '#runtime/workload-signer';
import { githubActionsToken, tokenInFile } from '#sigstore/workload-token';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import { listen, startWorld, STATEMENT, stop } from './signing-world.ts';
import type { World } from './signing-world.ts';

const SUBJECT = 'https://ci.example.com/namespaces/breakglass/serviceaccounts/breakglass';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await startWorld({ type: 'uri' });
  folder = await mkdtemp(join(tmpdir(), 'workload-'));
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const platformToken = (jti: string) =>
  world.issuer.mintToken({ sub: SUBJECT, now: new Date(), jti, ttlS: 600 });

/** As GitHub's runner answers a job. */
async function runner(value: () => Promise<string>) {
  const seen: { url: string | undefined; bearer: string | undefined }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url, bearer: request.headers.authorization });
    void value().then((token) => response.end(JSON.stringify({ value: token, count: 1 })));
  });
  const url = await listen(server);
  onTestFinished(() => stop(server));
  const env = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'runner-secret',
  };
  return { env, seen };
}

describe('a token in a file', () => {
  test('is read again at each use', async () => {
    const path = join(folder, 'projected');
    const source = tokenInFile(path);
    for (const id of ['first', 'second']) {
      const token = await platformToken(id);
      await writeFile(path, `${token}\n`);
      expect(await source.token()).toBe(token);
    }
  });

  test.each([
    ['that is not there', null, 'file-unreadable'],
    ['that is no token', 'hello', 'not-a-token'],
    ['that is empty', '', 'not-a-token'],
  ])('%s says what is wrong and shows nothing', async (_what, content, code) => {
    const path = join(folder, 'wrong');
    await rm(path, { force: true });
    if (content !== null) await writeFile(path, content);
    await expect(tokenInFile(path).token()).rejects.toMatchObject({ code });
  });

  test('that names a person is not the workload’s', async () => {
    const path = join(folder, 'person');
    const token = await world.mint({ sub: SUBJECT });
    await writeFile(path, token);
    const error = await tokenInFile(path)
      .token()
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'names-a-person' });
    expect(inspect(error, { depth: 9 })).not.toContain(token.split('.')[1]);
  });
});

describe('a token of GitHub Actions', () => {
  test('is asked of the runner for the audience at each use', async () => {
    const { env, seen } = await runner(() => platformToken(String(seen.length)));
    const source = githubActionsToken('sigstore', env);
    expect(await source.token()).not.toBe(await source.token());
    const asked = {
      url: '/token?api-version=2.0&audience=sigstore',
      bearer: 'Bearer runner-secret',
    };
    expect(seen).toEqual([asked, asked]);
  });

  test('is not to be had outside a job', async () => {
    const source = githubActionsToken('sigstore', {});
    await expect(source.token()).rejects.toMatchObject({ code: 'not-in-github-actions' });
  });

  test('that the runner does not give shows nothing of the request', async () => {
    const { env } = await runner(async () => Promise.reject(new Error('no')).catch(() => '{'));
    const source = githubActionsToken('sigstore', env);
    const error = await source.token().catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'not-a-token' });
    expect(inspect(error, { depth: 9 })).not.toContain('runner-secret');
  });
});

test('signs a statement that verifies, in a name that is a URI', async () => {
  const path = join(folder, 'token');
  await writeFile(path, await platformToken('signs'));
  const { services, authority } = world;
  const config = {
    token: { kind: 'file', path },
    audience: 'sigstore',
    sigstore: { ...services, rekorVersion: 1 },
  } as const;
  const signer = workloadSigner(config, pino({ level: 'silent' }), new AbortController().signal);
  const verdict = createBundleVerifier(authority.trustedRoot)(
    await signer.sign(STATEMENT),
    STATEMENT,
  );
  expect(verdict).toMatchObject({
    verified: true,
    identity: { type: 'uri', value: SUBJECT },
    issuer: world.issuer.issuerUrl,
  });
  // The same token again: this authority takes each once, and says no.
  expect(await signer.sign(STATEMENT)).toBeNull();
});

test('gives up a signature under way when the process stops', async () => {
  const path = join(folder, 'stopping');
  await writeFile(path, await platformToken('stopping'));
  let asked = (): void => {};
  const reached = new Promise<void>((resolve) => (asked = resolve));
  const silent = createServer(() => asked());
  const fulcioUrl = await listen(silent);
  onTestFinished(() => stop(silent));
  const config = {
    token: { kind: 'file', path },
    audience: 'sigstore',
    sigstore: { ...world.services, fulcioUrl, rekorVersion: 1 },
  } as const;
  const stopping = new AbortController();
  const signing = workloadSigner(config, pino({ level: 'silent' }), stopping.signal).sign(
    STATEMENT,
  );
  await reached;
  stopping.abort();
  expect(await signing).toBeNull();
});
