import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { composeRoutes, type Route } from '#http/compose-routes';
import { decisionKeysRoute, DECISION_KEYS_PATH } from '#http/decision-keys-route';
import { DECISIONS_PATH } from '#http/decision-routes';
import { decisionFetch } from '#test/support/http/decision-fetch';
import { healthRoutes } from '#http/health-routes';
import { listen, type Listening, type ListenOptions } from '#http/listen';
import type { FetchHandler } from '#http/problem';
import { bypassed, question } from './question.ts';
import { recordingLog } from './recording-log.ts';

const log = recordingLog();
const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function serve(
  fetch: FetchHandler,
  options: Partial<ListenOptions> = {},
): Promise<Listening> {
  const listening = await listen(fetch, { port: 0, log, ...options });
  open.push(listening);
  return listening;
}

const text =
  (body: string): FetchHandler =>
  () =>
    new Response(body);

describe('composed routes', () => {
  const routes: Route[] = [
    { prefix: '/v1', fetch: text('v1') },
    { prefix: '/v1/decisions', fetch: text('decisions') },
  ];

  it.each([
    ['/v1', 'v1'],
    ['/v1/other', 'v1'],
    ['/v1/decisions', 'decisions'],
    ['/v1/decisions?x=1', 'decisions'],
    ['/v1/decisions/d-1', 'decisions'],
  ])('%s is answered by %s', async (path, body) => {
    const response = await composeRoutes(routes)(new Request(`http://localhost${path}`));
    expect(await response.text()).toBe(body);
  });

  it('hand on who asks', async () => {
    const peer: FetchHandler = (_, sender) => new Response(sender?.peer);
    const { url } = await serve(composeRoutes([{ prefix: '/who', fetch: peer }]));
    expect(await (await fetch(`${url}/who`)).text()).toBe('127.0.0.1');
  });

  it.each(['/', '/v1x', '/V1', '/v1/../etc', '/%76%31'])('%s is nowhere', async (path) => {
    const response = await composeRoutes(routes)(new Request(`http://localhost${path}`));
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ status: 404 });
  });

  it('refuse a prefix twice, or one that is no path', () => {
    expect(() => composeRoutes([...routes, { prefix: '/v1', fetch: text('') }])).toThrow(TypeError);
    for (const prefix of ['', 'v1', '/v1/', '/a?b']) {
      expect(() => composeRoutes([{ prefix, fetch: text('') }])).toThrow(TypeError);
    }
  });
});

describe('health', () => {
  const health = (ready: () => Promise<readonly string[]>) =>
    healthRoutes({ started: () => false, ready, log, timeoutMs: 20 });
  const get = async (handler: FetchHandler, path: string) => {
    const response = await handler(new Request(`http://localhost${path}`));
    return { status: response.status, body: await response.json() };
  };

  it('the process is live even when it is not ready', async () => {
    const handler = health(() => Promise.reject(new Error('down')));
    expect(await get(handler, '/livez')).toEqual({ status: 200, body: { status: 'live' } });
  });

  it('readiness gives its reasons', async () => {
    expect(
      await get(
        health(async () => []),
        '/readyz',
      ),
    ).toEqual({
      status: 200,
      body: { status: 'ready' },
    });
    expect(
      await get(
        health(async () => ['no database']),
        '/readyz',
      ),
    ).toEqual({
      status: 503,
      body: { status: 'not-ready', reasons: ['no database'] },
    });
  });

  it('a check that fails or hangs is a reason, and its error stays in the log', async () => {
    const failed = await get(
      health(() => Promise.reject(new Error('dsn password'))),
      '/readyz',
    );
    expect(failed.status).toBe(503);
    expect(JSON.stringify(failed.body)).not.toContain('password');
    const hung = await get(
      health(() => new Promise(() => undefined)),
      '/readyz',
    );
    expect(hung.body).toMatchObject({ reasons: [expect.stringContaining('20 ms')] });
  });

  it('a path beside them is 404, another method 405', async () => {
    const handler = health(async () => []);
    expect((await get(handler, '/healthz')).status).toBe(404);
    const post = await handler(new Request('http://localhost/livez', { method: 'POST' }));
    expect(post.status).toBe(405);
  });
});

describe('over a real connection', () => {
  it('a decision is asked and answered, and the keys are published', async () => {
    const asked: unknown[] = [];
    const decisions = {
      answer: async (...call: unknown[]) => {
        asked.push(call);
        return { answer: bypassed, jws: 'a.b.c' };
      },
    };
    const keys = decisionKeysRoute({ jwks: () => ({ keys: [] }) });
    const { url } = await serve(
      composeRoutes([
        { prefix: DECISIONS_PATH, fetch: decisionFetch({ decisions, log }) },
        { prefix: DECISION_KEYS_PATH, fetch: keys },
      ]),
    );
    const answer = await fetch(`${url}/v1/decisions`, {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
      body: JSON.stringify(question),
    });
    expect(answer.status).toBe(200);
    expect(asked).toEqual([['t', question]]);
    const published = await fetch(`${url}/.well-known/breakglass/decision-keys.json`);
    expect(published.headers.get('content-type')).toBe('application/jwk-set+json');
    expect(published.headers.get('cache-control')).toBe('public, max-age=300');
    expect(await published.json()).toEqual({ keys: [] });
    expect((await fetch(`${url}${DECISION_KEYS_PATH}`, { method: 'DELETE' })).status).toBe(405);
  });

  it('a body past the limit is cut off', async () => {
    const decisions = { answer: () => Promise.reject(new Error('nobody may be asked')) };
    const { url } = await serve(decisionFetch({ decisions, log }));
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
      body: 'x'.repeat(70_000),
    });
    expect(response.status).toBe(413);
  });

  it('a node listener takes its prefix, and only that', async () => {
    const { url } = await serve(text('fetch'), {
      listeners: [{ prefix: '/slack/events', listener: (_, response) => response.end('node') }],
    });
    expect(await (await fetch(`${url}/slack/events?x=1`)).text()).toBe('node');
    expect(await (await fetch(`${url}/slack/eventsx`)).text()).toBe('fetch');
  });

  it('a handler that throws is a 500 that says nothing of why', async () => {
    const { url } = await serve(() => {
      throw new Error('dsn password');
    });
    const response = await fetch(url);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('password');
  });

  it('a malformed host is a 400', async () => {
    const { port } = await serve(text('never'));
    expect(await raw(port, 'GET / HTTP/1.1\r\nHost: a b{}\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
  });

  it('a header past 16 KiB is a 431', async () => {
    const { port } = await serve(text('never'));
    const header = `X-Long: ${'x'.repeat(17_000)}`;
    expect(await raw(port, `GET / HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431/,
    );
  });

  it('a port that is taken is an error', async () => {
    const { port } = await serve(text('first'));
    await expect(listen(text('second'), { port, log })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('closing', () => {
  it('lets the answer under way finish, ends idle connections, and takes no more', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const listening = await serve(async () => {
      arrive();
      await released;
      return new Response('finished');
    });
    const idle = await connected(listening.port);
    const idleEnded = new Promise((resolve) => idle.once('close', resolve));
    const answer = fetch(listening.url);
    await arrived;
    const closed = listening.close();
    await idleEnded;
    release();
    const response = await answer;
    expect(response.headers.get('connection')).toBe('close');
    expect(await response.text()).toBe('finished');
    await closed;
    await expect(fetch(listening.url)).rejects.toThrow('fetch failed');
  });

  it('cuts off what does not finish in time', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const listening = await serve(
      () => {
        arrive();
        return new Promise<Response>(() => undefined);
      },
      { drainMs: 20 },
    );
    const answer = fetch(listening.url).then(
      () => 'answered',
      () => 'cut off',
    );
    await arrived;
    await Promise.all([listening.close(), listening.close()]);
    expect(await answer).toBe('cut off');
  });
});

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Sends bytes as they are and gives all that comes back until the server hangs up. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = await connected(port);
  const parts: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      socket.end();
    });
    socket.once('close', () => resolve());
    socket.once('error', reject);
  });
  socket.write(bytes);
  await ended;
  return Buffer.concat(parts).toString();
}
