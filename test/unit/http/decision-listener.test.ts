import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { connect, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Decisions } from '#application/ports/decisions';
import type { AskingOptions } from '#http/asking';
import { decisionListener } from '#http/decision-listener';
import { DECISIONS_PATH, decisionRoutes } from '#http/decision-routes';
import { listen, type Listening } from '#http/listen';
import { notFound } from '#http/problem';
import { readIncoming } from '#http/read-incoming';
import { bypassed, question } from './question.ts';
import { recordingLog } from './recording-log.ts';

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const answering: Decisions = { answer: async () => ({ answer: bypassed, jws: 'a.b.c' }) };

async function served(decisions: Decisions, options: Partial<AskingOptions> = {}) {
  const log = recordingLog();
  const listener = decisionListener(decisionRoutes({ decisions, log, ...options }), log);
  const listening = await listen(() => notFound(), {
    port: 0,
    log,
    listeners: [{ prefix: DECISIONS_PATH, listener }],
  });
  open.push(listening);
  return listening;
}

const HEADERS = { authorization: 'Bearer t', 'content-type': 'application/json' };

const ask = (
  url: string,
  body = JSON.stringify(question),
  headers: Readonly<Record<string, string>> = HEADERS,
) => fetch(`${url}${DECISIONS_PATH}`, { method: 'POST', headers, body });

describe('over node:http', () => {
  it('a question is answered, and the answer is not to be cached', async () => {
    const asked: unknown[] = [];
    const { url } = await served({
      answer: async (...call) => {
        asked.push(call);
        return { answer: bypassed, jws: 'a.b.ü' };
      },
    });
    const response = await ask(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({ decision: 'bypass', jws: 'a.b.ü' });
    expect(asked).toEqual([['t', question]]);
  });

  it.each([
    ['another method', { method: 'GET' }, 405],
    ['HEAD', { method: 'HEAD' }, 405],
    [
      'no token',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
      401,
    ],
    ['no JSON', { method: 'POST', headers: { authorization: 'Bearer t' }, body: 'x' }, 415],
    ['a body past the limit', { method: 'POST', headers: HEADERS, body: 'x'.repeat(70_000) }, 413],
    ['a question with mistakes', { method: 'POST', headers: HEADERS, body: '{}' }, 400],
  ])('%s is a problem that says enforce', async (_, init, status) => {
    const { url } = await served(answering);
    const response = await fetch(`${url}${DECISIONS_PATH}`, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const body = await response.text();
    if (init.method === 'HEAD') expect(body).toBe('');
    else expect(JSON.parse(body)).toMatchObject({ status, decision: 'enforce' });
  });

  it('a body that says less than it sends is cut off all the same', async () => {
    const { url } = await served(answering);
    const many = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 80; part += 1) controller.enqueue(new Uint8Array(1_000));
        controller.close();
      },
    });
    const init = { method: 'POST', headers: HEADERS, body: many, duplex: 'half' as const };
    expect((await fetch(`${url}${DECISIONS_PATH}`, init)).status).toBe(413);
  });

  it('characters that arrive in two parts are whole again', async () => {
    const incoming = new IncomingMessage(new Socket());
    const bytes = Buffer.from('grün');
    const read = readIncoming(incoming, 100, new AbortController().signal);
    incoming.push(bytes.subarray(0, 3));
    incoming.push(bytes.subarray(3));
    incoming.push(null);
    expect(await read).toBe('grün');
  });

  it('a body that trickles in is answered with enforce in time', async () => {
    const { port } = await served(answering, { limits: { deadlineMs: 50 } });
    const socket = connect(port, '127.0.0.1');
    socket.setEncoding('utf8');
    socket.write(`${head(1_000)}{`);
    const [answer] = (await once(socket, 'data')) as [string];
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 503/);
    expect(answer).toContain('"decision":"enforce"');
  });

  it('whoever hangs up in the middle harms nobody else', async () => {
    const { port, url } = await served(answering);
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    await new Promise((resolve) => socket.write(`${head(1_000)}{`, resolve));
    socket.destroy();
    expect((await ask(url)).status).toBe(200);
  });

  it('what throws before anything is read is enforce as well', async () => {
    const log = recordingLog();
    const listener = decisionListener(() => Promise.reject(new Error('dsn password')), log);
    const listening = await listen(() => notFound(), {
      port: 0,
      log,
      listeners: [{ prefix: DECISIONS_PATH, listener }],
    });
    open.push(listening);
    const response = await ask(listening.url);
    expect(response.status).toBe(503);
    const body = await response.text();
    expect(body).toContain('enforce');
    expect(body).not.toContain('password');
  });
});

const head = (length: number): string =>
  `POST ${DECISIONS_PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer t\r\n` +
  `content-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
