import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Decisions } from '#application/ports/decisions';
import type { AskingLimits } from '#http/asking-limits';
import { decisionFetch } from '#test/support/http/decision-fetch';
import { ask, bypassed, question } from './question.ts';
import { recordingLog } from './recording-log.ts';
import { check } from '#test/support/property';

const answering: Decisions = { answer: async () => ({ answer: bypassed, jws: 'a.b.c' }) };

function routes(decisions: Decisions, limits: Partial<AskingLimits> = {}, monotonicMs = () => 0) {
  const log = recordingLog();
  return { log, fetch: decisionFetch({ decisions, log, limits, monotonicMs }) };
}

const unused: Decisions = {
  answer: () => Promise.reject(new Error('nobody may be asked')),
};

async function refused(response: Response, status: number): Promise<Record<string, unknown>> {
  expect(response.status).toBe(status);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ status, decision: 'enforce' });
  expect(body['jws']).toBeUndefined();
  return body;
}

describe('a question that is answered', () => {
  it('gets the decision, with times in RFC 3339, signed and not to be cached', async () => {
    const response = await routes(answering).fetch(ask(question));
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      decision: 'bypass',
      decisionId: 'd-1',
      bypassEntryId: 'sha256:aa',
      reason: 'bypassed',
      expiresAt: '2026-11-22T02:47:00.000Z',
      serverTime: '2026-11-22T02:00:00.000Z',
      recheckAfter: 15,
      inFlight: 'hold',
      jws: 'a.b.c',
    });
  });

  it('says null where nothing expires and nothing can change', async () => {
    const answer = {
      ...bypassed,
      decision: 'enforce',
      expiresAt: null,
      recheckAfterS: null,
    } as const;
    const { fetch } = routes({ answer: async () => ({ answer, jws: 'a.b.c' }) });
    expect(await (await fetch(ask(question))).json()).toMatchObject({
      expiresAt: null,
      recheckAfter: null,
    });
  });

  it('is handed on with its token, as sent', async () => {
    const asked: unknown[] = [];
    const { fetch } = routes({
      answer: async (...call) => {
        asked.push(call);
        return { answer: bypassed, jws: 'a.b.c' };
      },
    });
    await fetch(ask(question, { authorization: 'bearer  eyJh.b-_~+/c==' }));
    expect(asked).toEqual([['eyJh.b-_~+/c==', question]]);
  });
});

describe('a token', () => {
  it.each(['', 'Bearer', 'Basic YTpi', 'Bearer a b', 'Bearer ü', `Bearer ${'a'.repeat(9_000)}`])(
    'that is missing or unreadable (%j) gets 401 with what to do',
    async (authorization) => {
      const response = await routes(unused).fetch(ask(question, { authorization }));
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="breakglass"');
      const body = await refused(response, 401);
      expect(body['detail']).toContain('Authorization: Bearer');
    },
  );

  it('that is not sent at all gets 401', async () => {
    const request = ask(question);
    request.headers.delete('authorization');
    await refused(await routes(unused).fetch(request), 401);
  });

  it('that nobody issued gets 401, and is not repeated', async () => {
    const { fetch } = routes({ answer: async () => ({ notAuthenticated: true }) });
    const response = await fetch(ask(question));
    expect(response.headers.get('www-authenticate')).toContain('invalid_token');
    expect(JSON.stringify(await refused(response, 401))).not.toContain('bg_live_secret');
  });

  it('that asks too often gets 429 and when to come back, and others go on', async () => {
    let nowMs = 0;
    const { fetch } = routes(answering, { perSecond: 1, burst: 2 }, () => nowMs);
    expect((await fetch(ask(question))).status).toBe(200);
    expect((await fetch(ask(question))).status).toBe(200);
    const response = await fetch(ask(question));
    expect(response.headers.get('retry-after')).toBe('1');
    await refused(response, 429);
    expect((await fetch(ask(question, { authorization: 'Bearer other' }))).status).toBe(200);
    nowMs = 1_000;
    expect((await fetch(ask(question))).status).toBe(200);
  });
});

describe('a body', () => {
  it('with mistakes gets each of them listed with what to write', async () => {
    const { gate: _, ...rest } = question;
    const body = {
      ...rest,
      environmnet: 'x',
      deploy: { id: 7, attempt: 0, urll: '' },
      phase: 'go',
    };
    const problem = await refused(await routes(unused).fetch(ask(body)), 400);
    const mistakes = problem['mistakes'] as { path: string; mistake: string; write: string }[];
    expect(mistakes.map(({ path }) => path).toSorted()).toEqual([
      'deploy.attempt',
      'deploy.id',
      'deploy.urll',
      'environmnet',
      'gate',
      'phase',
    ]);
    const of = (path: string) => mistakes.find((one) => one.path === path);
    expect(of('phase')?.write).toBe('"start", "recheck" or "finish"');
    expect(of('environmnet')?.write).toContain('environment');
    expect(of('deploy.urll')?.write).toContain('id, attempt, url, actor');
    expect(mistakes.every(({ mistake, write }) => mistake !== '' && write !== '')).toBe(true);
  });

  it('that is no JSON gets 400 without being repeated', async () => {
    const problem = await refused(await routes(unused).fetch(ask('{"hush": ')), 400);
    expect(JSON.stringify(problem)).not.toContain('hush');
  });

  it.each([{ 'content-type': 'text/plain' }, { 'content-type': '' }])(
    'of another kind gets 415 (%j)',
    async (headers) => {
      await refused(await routes(unused).fetch(ask(question, headers)), 415);
    },
  );

  it('past the limit gets 413, by its length or by its bytes', async () => {
    const { fetch } = routes(unused, { maxBodyBytes: 100 });
    await refused(await fetch(ask('x'.repeat(101))), 413);
    await refused(await fetch(ask(question, { 'content-length': '101' })), 413);
  });

  it('without an end is not read past the limit', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(1_024));
      },
    });
    const request = new Request('http://localhost/v1/decisions', {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
      body: endless,
      duplex: 'half',
    });
    await refused(await routes(unused, { maxBodyBytes: 10_000 }).fetch(request), 413);
    expect(pulled).toBeLessThan(20);
  });

  it('of any JSON at all is answered with 200 or 400', async () => {
    const { fetch } = routes(answering, { burst: 10_000 });
    await check(
      fc.asyncProperty(fc.json(), async (body) => {
        expect([200, 400]).toContain((await fetch(ask(body))).status);
      }),
    );
  });
});

describe('whatever goes wrong', () => {
  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('%s gets 405', async (method) => {
    const response = await routes(unused).fetch(
      new Request('http://localhost/v1/decisions', { method }),
    );
    expect(response.headers.get('allow')).toBe('POST');
    await refused(response, 405);
  });

  it('an exception is enforced, logged, and not told to the client', async () => {
    const { fetch, log } = routes({ answer: () => Promise.reject(new Error('dsn password')) });
    const body = await refused(await fetch(ask(question)), 503);
    expect(body['reason']).toBe('unavailable');
    expect(JSON.stringify(body)).not.toContain('dsn password');
    expect(log.lines).toHaveLength(1);
  });

  it('an exception before the first await is enforced too', async () => {
    const { fetch } = routes({
      answer: () => {
        throw new Error('at once');
      },
    });
    await refused(await fetch(ask(question)), 503);
  });

  it('an answer that never comes is enforced when time is up', async () => {
    const { fetch } = routes({ answer: () => new Promise(() => undefined) }, { deadlineMs: 20 });
    await refused(await fetch(ask(question)), 503);
  });

  it('an answer that fails after its time was up disturbs nothing', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const { fetch, log } = routes({ answer: () => promise }, { deadlineMs: 20 });
    await refused(await fetch(ask(question)), 503);
    reject(new Error('too late'));
    await new Promise(setImmediate);
    expect(log.lines).toEqual([[{ deadlineMs: 20 }, expect.stringContaining('too long')]]);
  });

  it('a body that trickles in is enforced, and its question is never asked', async () => {
    const trickle = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) });
    const request = new Request('http://localhost/v1/decisions', {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
      body: trickle,
      duplex: 'half',
    });
    const { fetch, log } = routes(unused, { deadlineMs: 20 });
    await refused(await fetch(request), 503);
    expect(log.lines).toHaveLength(1);
  });
});
