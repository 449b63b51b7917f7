import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { probeDeploy } from '#gates/opa/probe';
import type { ObservedDeploy } from '#gates/opa/watch/decision-event';
import { opaWatchRoute } from '#gates/opa/watch/watch-route';
import { ARTIFACT, ENTRY } from '#test/support/gates/wanted';

const TOKEN = 'w'.repeat(40);
const FACTS = {
  gate: 'image-policy',
  service: 'checkout',
  environment: 'production',
  branch: null,
  artifact: ARTIFACT,
};
const BYPASS = {
  decision: 'bypass',
  bypass: 'b1',
  entry: ENTRY,
  expiresAt: '2026-11-22T12:00:00.000Z',
  facts: FACTS,
  deploy: 'run-7#1',
};
const OBSERVED = {
  decisionId: 'd1',
  facts: FACTS,
  deploy: 'run-7#1',
  used: { bypass: 'b1', entry: ENTRY },
  decidedAt: '2026-11-22T11:00:00Z',
};

const event = (more: object, id = 'd1') => ({
  labels: { id: 'opa' },
  decision_id: id,
  path: 'deploy/decision',
  timestamp: '2026-11-22T11:00:00Z',
  ...more,
});

let observed: ObservedDeploy[];
let unreadable: (string | null)[];
let logged: number;
let failing: Error | null;
let route: (request: Request) => Promise<Response>;
beforeEach(() => {
  [observed, unreadable, failing, logged] = [[], [], null, 0];
  route = opaWatchRoute({
    token: TOKEN,
    log: { error: () => void (logged += 1) },
    limits: { sentBytes: 4_096, inflatedBytes: 65_536, timeoutMs: 5_000 },
    watcher: {
      observed: (deploy) => {
        if (failing !== null) return Promise.reject(failing);
        observed.push(deploy);
        return Promise.resolve();
      },
      unreadable: (id) => {
        if (failing !== null) return Promise.reject(failing);
        unreadable.push(id);
        return Promise.resolve();
      },
    },
  });
});

interface Sent {
  readonly body: string | Buffer;
  readonly encoding?: string;
  readonly token?: string | null;
  readonly method?: string;
}

async function send({ body, encoding = 'gzip', token = TOKEN, method = 'POST' }: Sent) {
  const headers = new Headers({ 'content-encoding': encoding });
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  const withBody = method === 'POST' ? { body: new Uint8Array(Buffer.from(body)) } : {};
  const request = new Request('http://localhost/v1/watch/opa', { method, headers, ...withBody });
  return (await route(request)).status;
}

const logs = (...events: readonly unknown[]) => send({ body: gzipSync(JSON.stringify(events)) });

describe('a decision log', () => {
  it('tells the deploy that a bypass let through, with the exception that was used', async () => {
    expect(await logs(event({ result: { allow: true, breakglass: BYPASS } }))).toBe(200);
    expect(observed).toEqual([OBSERVED]);
  });

  it('tells it also where the answer is the result itself', async () => {
    expect(await logs(event({ result: BYPASS }))).toBe(200);
    expect(observed).toEqual([OBSERVED]);
  });

  it('says nothing of decisions that used no bypass', async () => {
    const results = [
      { allow: false, breakglass: { decision: 'enforce', facts: FACTS } },
      { decision: 'enforce', facts: FACTS },
      { decision: 'allow' },
      true,
      null,
      ['x'],
    ];
    const events = results.map((result, place) => event({ result }, `d${place}`));
    expect(await logs(...events, event({}, 'undefined'))).toBe(200);
    expect([observed, unreadable]).toEqual([[], []]);
  });

  it('tells a decision once, however often OPA sends it', async () => {
    const one = event({ result: BYPASS });
    await logs(one, one);
    await logs(one, event({ result: BYPASS }, 'd2'));
    expect(observed.map(({ decisionId }) => decisionId)).toEqual(['d1', 'd2']);
  });

  it('is not taken, and told again later, where a deploy could not be kept', async () => {
    failing = new Error('the database is away');
    expect(await logs(event({ result: BYPASS }))).toBe(503);
    failing = null;
    expect(await logs(event({ result: BYPASS }))).toBe(200);
    expect(observed).toHaveLength(1);
  });

  it.each([
    ['its result is masked', { result: { breakglass: 1 }, masked: ['/result/breakglass'] }],
    ['its result is erased', { erased: ['/result'] }],
    ['its facts are gone', { result: { breakglass: { ...BYPASS, facts: undefined } } }],
    ['its deploy has no name', { result: { breakglass: { ...BYPASS, deploy: '' } } }],
    ['its decision is none', { result: { breakglass: { decision: 'perhaps' } } }],
  ])('is reported where it may hide a bypass: %s', async (_, more) => {
    expect(await logs(event(more))).toBe(200);
    expect([observed, unreadable]).toEqual([[], ['d1']]);
  });

  it('knows the questions of a read-back again, and no forged ones', async () => {
    const asked = (deploy: string, id: string) => event({ result: { ...BYPASS, deploy } }, id);
    const [now, hour] = [Date.now(), 3_600_000];
    const probe = probeDeploy(TOKEN, now);
    await logs(
      asked(probe, 'd1'),
      asked(probe, 'used-again'),
      asked(probeDeploy(TOKEN, now - 2 * hour), 'old'),
      asked(probeDeploy('another token', now), 'forged'),
      asked('breakglass-read-back:00:', 'unsigned'),
    );
    expect(observed.map(({ decisionId }) => decisionId)).toEqual([
      'used-again',
      'old',
      'forged',
      'unsigned',
    ]);
  });

  it('keeps what can be read of a chunk that holds something else, and reports that', async () => {
    expect(await logs({ decision_id: 7 }, event({ result: BYPASS }))).toBe(200);
    expect([observed.length, unreadable, logged]).toEqual([1, [null], 1]);
    failing = new Error('away');
    expect(await logs({ decision_id: 7 })).toBe(503);
  });
});

describe('what is not taken', () => {
  const body = gzipSync(JSON.stringify([event({ result: BYPASS })]));

  it.each([null, 'wrong', TOKEN.slice(1), `${TOKEN}w`])(
    'a token that is wrong: %s',
    async (token) => {
      expect(await send({ body, token })).toBe(401);
    },
  );

  it('another method', async () => {
    expect(await send({ body, method: 'GET' })).toBe(405);
  });

  it('a body that is longer than the limit', async () => {
    const long = JSON.stringify([event({ result: 'x'.repeat(5_000) })]);
    expect(await send({ body: long, encoding: 'identity' })).toBe(413);
  });

  it('a small body that inflates without end', async () => {
    const bomb = gzipSync(Buffer.alloc(3_000_000));
    expect(bomb.length).toBeLessThan(4_096);
    expect(await send({ body: bomb })).toBe(413);
  });

  it.each([
    ['no gzip', Buffer.from('[]'), 'gzip'],
    ['gzip that breaks off', body.subarray(0, 30), 'gzip'],
    ['no JSON', Buffer.from('[{'), 'identity'],
    ['no array', Buffer.from('{}'), 'identity'],
    ['nothing', Buffer.alloc(0), 'identity'],
  ])('%s', async (_, sent, encoding) => {
    expect(await send({ body: sent, encoding })).toBe(400);
    expect(observed).toEqual([]);
  });
});
