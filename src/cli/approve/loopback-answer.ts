import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NotApproved } from './not-approved.ts';

/** An address on this machine to which the provider sends the browser back (RFC 8252 §7.3). */
export interface LoopbackAnswer extends AsyncDisposable {
  readonly redirectUri: string;
  /** The query of the first answer with this state. @throws NotApproved when time is up. */
  answer(state: string, signal: AbortSignal): Promise<URLSearchParams>;
}

const PATH = '/callback';

/** Listens on 127.0.0.1, any free port, and nowhere else. */
export async function listenForAnswer(): Promise<LoopbackAnswer> {
  const waiting: { state?: string; resolve?: (query: URLSearchParams) => void } = {};
  const server = createServer((request, response) => {
    const query = queryOf(request, portOf(server));
    if (query === null || query.get('state') !== waiting.state || waiting.resolve === undefined) {
      say(response, 404, 'This is not the page you are looking for.');
      return;
    }
    say(response, 200, 'You have signed in. Go back to your terminal; you can close this page.');
    waiting.resolve(query);
    delete waiting.resolve;
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    redirectUri: `http://127.0.0.1:${portOf(server)}${PATH}`,
    answer: (state, signal) =>
      new Promise((resolve, reject) => {
        Object.assign(waiting, { state, resolve });
        signal.addEventListener('abort', () => reject(tooLate()), { once: true });
      }),
    [Symbol.asyncDispose]: () => stop(server),
  };
}

/** `null` unless a browser was sent to our address by this name: another name is another's page. */
function queryOf(request: IncomingMessage, port: number): URLSearchParams | null {
  if (request.method !== 'GET' || request.headers.host !== `127.0.0.1:${port}`) return null;
  const url = URL.parse(request.url ?? '', `http://127.0.0.1:${port}`);
  return url?.pathname === PATH ? url.searchParams : null;
}

function say(response: ServerResponse, status: number, words: string): void {
  response
    .writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    })
    .end(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Break-glass</title>` +
        `<meta name="viewport" content="width=device-width"><meta name="color-scheme" ` +
        `content="light dark"></head><body><main><h1>Break-glass</h1><p>${words}</p></main></body></html>`,
    );
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const tooLate = (): NotApproved =>
  new NotApproved(
    'sign-in-failed',
    'Nobody signed in before the link expired. Press Approve again.',
  );

function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeIdleConnections();
  });
}
