import { describe, expect, it } from 'vitest';
import type { DecisionAnswer } from '#application/decision/answer';
import type { DecisionQuestion } from '#application/decision/question';
import type { Decisions } from '#application/ports/decisions';
import type { AskingLimits } from '#http/asking-limits';
import { gateRoute } from '#http/gate-route';

const BYPASS: DecisionAnswer = {
  decision: 'bypass',
  decisionId: 'd-1',
  bypassEntryId: `sha256:${'e'.repeat(64)}`,
  reason: 'bypassed',
  expiresAt: Date.UTC(2026, 10, 22, 2, 47),
  serverTime: Date.UTC(2026, 10, 22, 2, 0),
  recheckAfterS: 15,
  inFlight: 'hold',
};
const ENFORCE = {
  ...BYPASS,
  decision: 'enforce',
  bypassEntryId: null,
  expiresAt: null,
  recheckAfterS: null,
  inFlight: null,
} as const;
const QUERY = 'service=checkout&environment=production&deploy=run-7';
const TOKEN = 'Bearer bg_live_secret';

function gates(answer: DecisionAnswer | Decisions['answer'], limits: Partial<AskingLimits> = {}) {
  const asked: [string, DecisionQuestion][] = [];
  const log: unknown[][] = [];
  const keep = (...line: unknown[]): void => void log.push(line);
  const route = gateRoute({
    decisions: {
      answer: (token, question) => {
        asked.push([token, question]);
        return typeof answer === 'function'
          ? answer(token, question)
          : Promise.resolve({ answer, jws: 'a.b.c' });
      },
    },
    log: { error: keep, warn: keep },
    limits,
    monotonicMs: () => 0,
  });
  const post = async (path: string, init: RequestInit = {}) =>
    route(
      new Request(`http://localhost/v1/gates/${path}`, {
        method: 'POST',
        headers: { authorization: TOKEN },
        ...init,
      }),
    );
  const body = (type: string, text: string) => ({
    headers: { authorization: TOKEN, 'content-type': type },
    body: text,
  });
  return { asked, log, route, post, body };
}

async function enforced(response: Response, status: number): Promise<Record<string, unknown>> {
  expect(response.status).toBe(status);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ status, decision: 'enforce' });
  return body;
}

const paths = (body: Record<string, unknown>) =>
  (body['mistakes'] as { path: string }[]).map(({ path }) => path);

describe('a bypass', () => {
  it('is 200, never to be cached, with the entry and the end in headers and body', async () => {
    const { post } = gates(BYPASS);
    const response = await post(`image-policy?${QUERY}`);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'breakglass-decision': 'd-1',
      'breakglass-entry': BYPASS.bypassEntryId,
      'breakglass-expires': '2026-11-22T02:47:00.000Z',
    });
    expect(await response.json()).toEqual({
      decision: 'bypass',
      decisionId: 'd-1',
      bypassEntryId: BYPASS.bypassEntryId,
      reason: 'bypassed',
      expiresAt: '2026-11-22T02:47:00.000Z',
      serverTime: '2026-11-22T02:00:00.000Z',
      recheckAfter: 15,
      inFlight: 'hold',
    });
  });

  it('is asked for with a nonce made here, another for each question', async () => {
    const { post, asked } = gates(BYPASS);
    await post(`image-policy?${QUERY}`);
    await post(`image-policy?${QUERY}`);
    const [first, second] = asked.map(([, { nonce }]) => nonce);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).not.toBe(first);
  });
});

describe('enforce', () => {
  it.each([
    'no-bypass',
    'expired',
    'scope-not-covered',
    'needs-more-approval',
    'facts-not-verified',
    'unknown-gate',
    'not-authorised',
    'finished',
  ] as const)('is 403 (%s), with words', async (reason) => {
    const { post } = gates({ ...ENFORCE, reason });
    const response = await post(`image-policy?${QUERY}`);
    expect(response.headers.get('breakglass-entry')).toBeNull();
    const body = await enforced(response, 403);
    expect(body).toMatchObject({ reason, title: 'The gate enforces' });
    expect(body['detail']).toMatch(/\w/);
  });

  it('is 503 where no decision could be made, where it came too late, and where it failed', async () => {
    const unavailable = gates({ ...ENFORCE, reason: 'unavailable' });
    await enforced(await unavailable.post(`image-policy?${QUERY}`), 503);
    const late = gates(() => new Promise(() => {}), { deadlineMs: 1 });
    await enforced(await late.post(`image-policy?${QUERY}`), 503);
    expect(late.log).toHaveLength(1);
    const failing = gates(() => Promise.reject(new Error('signer')));
    await enforced(await failing.post(`image-policy?${QUERY}`), 503);
    expect(failing.log).toHaveLength(1);
  });

  it('is never turned into a 200 by an answer that contradicts itself', async () => {
    const { post } = gates({ ...ENFORCE, reason: 'bypassed' });
    await enforced(await post(`image-policy?${QUERY}`), 503);
  });
});

describe('the method', () => {
  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('%s asks nothing', async (method) => {
    const { post, asked } = gates(BYPASS);
    const response = await post(`image-policy?${QUERY}`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(asked).toEqual([]);
  });
});

describe('the token', () => {
  it.each([
    ['Bearer bg_1', 'bg_1'],
    ['bearer  bg_1', 'bg_1'],
    [`Basic ${btoa('anyone:bg_1')}`, 'bg_1'],
    [`basic ${btoa(':bg_1')}`, 'bg_1'],
  ])('is read from %j', async (authorization, token) => {
    const { post, asked } = gates(BYPASS);
    expect((await post(`g?${QUERY}`, { headers: { authorization } })).status).toBe(200);
    expect(asked[0]?.[0]).toBe(token);
  });

  it.each([
    null,
    'Bearer',
    'Basic',
    'Basic !!!',
    `Basic ${btoa('bg_1')}`,
    `Basic ${btoa('bg_1:')}`,
    `Basic ${btoa('anyone:two words')}`,
    `Basic ${btoa(`a:${'b'.repeat(9_000)}`)}`,
    'Digest bg_1',
  ])('is missing in %j: 401, with both ways to send one', async (authorization) => {
    const { post, asked } = gates(BYPASS);
    const headers = authorization === null ? {} : { authorization };
    const response = await post(`g?${QUERY}`, { headers });
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="breakglass", Basic realm="breakglass"',
    );
    await enforced(response, 401);
    expect(asked).toEqual([]);
  });

  it('that is not known gets 401', async () => {
    const { post } = gates(() => Promise.resolve({ notAuthenticated: true }));
    await enforced(await post(`g?${QUERY}`), 401);
  });

  it('in the query is an unknown member, and is not repeated', async () => {
    const { post } = gates(BYPASS);
    const body = await enforced(await post(`g?${QUERY}&token=bg_live_secret`), 400);
    expect(paths(body)).toEqual(['token']);
    expect(JSON.stringify(body)).not.toContain('bg_live_secret');
  });

  it('may ask so often and no more, both ways together', async () => {
    const { post } = gates(BYPASS, { burst: 1, perSecond: 0.5 });
    expect((await post(`g?${QUERY}`)).status).toBe(200);
    const response = await post(`g?${QUERY}`);
    expect(response.headers.get('retry-after')).toBe('2');
    await enforced(response, 429);
    const shared = { waitMs: () => 1_000, told: () => {} };
    const route = gateRoute({
      decisions: { answer: () => Promise.reject(new Error('nobody may be asked')) },
      log: { error: () => {}, warn: () => {} },
      limiter: shared,
    });
    const headers = { authorization: TOKEN };
    const init = { method: 'POST', headers };
    await enforced(await route(new Request(`http://localhost/v1/gates/g?${QUERY}`, init)), 429);
  });
});

describe('the question', () => {
  const WHOLE: Readonly<Record<string, string>> = {
    service: 'checkout',
    environment: 'production',
    deploy: 'run-7',
    attempt: '2',
    branch: 'hotfix/1',
    commit: '4f0c2d9e',
    artifact: `reg.example/a@b@sha256:${'a'.repeat(64)}`,
    provenance: `https://p.example/x@sha256:${'b'.repeat(64)}`,
    url: 'https://ci.example/7',
    actor: 'j.doe',
    check: 'cosign verify',
    check_result: 'exit code 1',
    phase: 'finish',
    outcome: 'cancelled',
  };
  const EXPECTED = {
    gate: 'image policy',
    service: 'checkout',
    environment: 'production',
    branch: 'hotfix/1',
    commit: '4f0c2d9e',
    artifact: { name: 'reg.example/a@b', digest: `sha256:${'a'.repeat(64)}` },
    provenance: { uri: 'https://p.example/x', digest: `sha256:${'b'.repeat(64)}` },
    deploy: { id: 'run-7', attempt: 2, url: 'https://ci.example/7', actor: 'j.doe' },
    check: { name: 'cosign verify', result: 'exit code 1' },
    phase: 'finish',
    outcome: 'cancelled',
  };

  it('stands in the query, a form, JSON, or half in the query', async () => {
    const { post, asked, body } = gates(BYPASS);
    const text = new URLSearchParams(WHOLE).toString();
    await post(`image%20policy?${text}`);
    await post('image%20policy', body('application/x-www-form-urlencoded', text));
    await post('image%20policy', body('application/json; charset=utf-8', JSON.stringify(WHOLE)));
    const { service = '', ...rest } = WHOLE;
    const numbered = JSON.stringify({ ...rest, attempt: 2 });
    await post(`image%20policy?service=${service}`, body('application/json', numbered));
    expect(asked).toHaveLength(4);
    for (const [, question] of asked) expect(question).toMatchObject(EXPECTED);
  });

  it('is about the start of attempt 1 unless it says otherwise', async () => {
    const { post, asked } = gates(BYPASS);
    await post(`g?${QUERY}`);
    expect(asked[0]?.[1]).toEqual({
      gate: 'g',
      service: 'checkout',
      environment: 'production',
      deploy: { id: 'run-7', attempt: 1 },
      phase: 'start',
      nonce: expect.any(String),
    });
  });

  it.each([
    ['g', ['service', 'environment', 'deploy']],
    [`g?${QUERY}&brnach=main`, ['brnach']],
    [`g?${QUERY}&gate=other`, ['gate']],
    [`g?${QUERY}&nonce=0123456789`, ['nonce']],
    [`g?${QUERY}&__proto__=1`, ['__proto__']],
    [`g?${QUERY}&branch=`, ['branch']],
    [`g?${QUERY}&service=search`, ['service']],
    [`g?${QUERY}&service=checkout`, ['service']],
    [`g?${QUERY}&attempt=1.5`, ['attempt']],
    [`g?${QUERY}&attempt=`, ['attempt']],
    [`g?${QUERY}&attempt=0`, ['attempt']],
    [`g?${QUERY}&artifact=checkout`, ['artifact']],
    [`g?${QUERY}&artifact=checkout@latest`, ['artifact']],
    [`g?${QUERY}&check=cosign`, ['check_result']],
    [`g?${QUERY}&phase=begin`, ['phase']],
    [`g?${QUERY}&url=javascript:1`, ['url']],
    [`${'g'.repeat(300)}?${QUERY}`, ['gate']],
  ])('with a mistake asks nothing: %s', async (path, names) => {
    const { post, asked } = gates(BYPASS);
    const body = await enforced(await post(path), 400);
    expect(paths(body)).toEqual(names);
    expect(asked).toEqual([]);
  });

  it.each([
    ['text/plain', 'service=checkout', 415],
    ['', 'service=checkout', 415],
    ['application/json', '{', 400],
    ['application/json', '[]', 400],
    ['application/json', '"checkout"', 400],
    ['application/json', '{"service":null}', 400],
    ['application/json', '{"deploy":{"id":"run-7"}}', 400],
    ['application/json', '{"name":"a","namespace":"b","phase":1}', 400],
    ['application/json', '{"name":"a","namespace":"b","phase":"P","metadata":{"a":1}}', 400],
  ])('in a body that cannot be read asks nothing: %s %s', async (type, text, status) => {
    const { post, asked, body } = gates(BYPASS);
    const init = body(type, text);
    await enforced(await post('g', { ...init, body: new TextEncoder().encode(text) }), status);
    expect(asked).toEqual([]);
  });

  it('that is too large asks nothing', async () => {
    const { post, asked, body } = gates(BYPASS, { maxBodyBytes: 16 });
    await enforced(await post('g', body('application/json', 'x'.repeat(17))), 413);
    expect(asked).toEqual([]);
  });

  it.each(['', 'g/more', 'g/ended/more', 'g/', '%ff', '/ended'])(
    'at no gate (%j) is 404',
    async (path) => {
      const { post, asked } = gates(BYPASS);
      await enforced(await post(path), 404);
      expect(asked).toEqual([]);
    },
  );
});

describe('a hook of Flagger', () => {
  const payload = (phase: string, metadata: object = {}) =>
    JSON.stringify({
      name: 'checkout',
      namespace: 'shop',
      phase,
      checksum: '85d557f47b',
      metadata: { service: 'checkout', environment: 'production', deploy: 'v2', ...metadata },
      addedByALaterVersion: { whatever: true },
    });

  it('asks with its metadata', async () => {
    const { post, asked, body } = gates(BYPASS);
    const response = await post('g?phase=recheck', body('application/json', payload('Waiting')));
    expect(response.status).toBe(200);
    expect(asked[0]?.[1]).toMatchObject({ deploy: { id: 'v2' }, phase: 'recheck' });
  });

  it('with metadata of another kind asks nothing', async () => {
    const { post, asked, body } = gates(BYPASS);
    const init = body('application/json', payload('Waiting', { cmd: 'hey' }));
    expect(paths(await enforced(await post('g', init), 400))).toEqual(['cmd']);
    expect(asked).toEqual([]);
  });

  it.each([
    ['Succeeded', 'succeeded'],
    ['Failed', 'failed'],
  ])('reports how the canary ended: %s', async (phase, outcome) => {
    const { post, asked, body } = gates({ ...ENFORCE, reason: 'finished' });
    await post('g?phase=finish', body('application/json', payload(phase)));
    expect(asked[0]?.[1]).toMatchObject({ phase: 'finish', outcome });
  });

  it.each(['no-bypass', 'expired', 'scope-not-covered', 'needs-more-approval'] as const)(
    'rolls back once the bypass has ended (%s)',
    async (reason) => {
      const { post, asked, body } = gates({ ...ENFORCE, reason });
      const response = await post('g/ended', body('application/json', payload('Progressing')));
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ decision: 'enforce', reason });
      expect(asked[0]?.[1]).toMatchObject({ phase: 'recheck' });
    },
  );

  it('does not roll back while the bypass lives', async () => {
    const { post, body } = gates(BYPASS);
    const init = body('application/json', payload('WaitingPromotion'));
    expect((await post('g/ended', init)).status).toBe(409);
  });

  it.each([
    ['not-authorised', 403],
    ['unknown-gate', 403],
    ['facts-not-verified', 403],
    ['finished', 403],
    ['unavailable', 503],
  ] as const)('does not roll back where nobody knows (%s)', async (reason, status) => {
    const { post, body } = gates({ ...ENFORCE, reason });
    const init = body('application/json', payload('Progressing'));
    expect((await post('g/ended', init)).status).toBe(status);
  });

  it.each(['Waiting', 'Initialized', 'Initializing', 'Succeeded', 'Failed', ''])(
    'does not roll back, and passes no gate, in the phase %j',
    async (phase) => {
      const { post, asked, body } = gates({ ...ENFORCE, reason: 'no-bypass' });
      const init = body('application/json', payload(phase));
      expect((await post('g/ended', init)).status).toBe(409);
      expect(asked).toEqual([]);
    },
  );

  it('is the only one that may ask whether a bypass has ended, and only that', async () => {
    const { post, asked, body } = gates({ ...ENFORCE, reason: 'no-bypass' });
    await enforced(await post(`g/ended?${QUERY}`), 400);
    await enforced(await post('g/ended', body('application/json', '{"service":"checkout"}')), 400);
    const start = body('application/json', payload('Progressing', { phase: 'start' }));
    await enforced(await post('g/ended', start), 400);
    expect(asked).toEqual([]);
  });
});
