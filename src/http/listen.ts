import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  getRequestListener,
  RequestError,
  type Http2Bindings,
  type HttpBindings,
} from '@hono/node-server';
import type { Logger } from 'pino';
import { isUnder } from './compose-routes.ts';
import { drainable } from './drain.ts';
import { problem, type FetchHandler } from './problem.ts';

/** A node:http listener for the paths under a prefix, beside the Fetch-style handler. */
export interface NodeListener {
  readonly prefix: string;
  readonly listener: RequestListener;
}

export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host?: string;
  readonly log: Pick<Logger, 'error'>;
  readonly listeners?: readonly NodeListener[];
  /** How long `close` waits for answers under way before it cuts them off. */
  readonly drainMs?: number;
}

export interface Listening {
  /** `http://127.0.0.1:8080`, no slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, lets those under way finish, and ends idle connections. */
  close(): Promise<void>;
}

// A client that sends its header or body drop by drop holds a connection no longer than this
// (slowloris). The keep-alive outlasts the usual 60 s of load balancers, which must close first.
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
};
const MAX_HEADER_BYTES = 16 * 1024;
const DRAIN_MS = 10_000;

/** Serves on one port over node:http. Rejects if the port cannot be taken. */
export async function listen(fetch: FetchHandler, options: ListenOptions): Promise<Listening> {
  const { port, host = '127.0.0.1', drainMs = DRAIN_MS } = options;
  const server = createServer(
    { ...TIMEOUTS, maxHeaderSize: MAX_HEADER_BYTES },
    dispatch(fetch, options),
  );
  const close = drainable(server, drainMs);
  await bound(server, port, host);
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, port: address.port, close };
}

function dispatch(fetch: FetchHandler, { listeners = [], log }: ListenOptions): RequestListener {
  const answer = (request: Request, { incoming }: HttpBindings | Http2Bindings) =>
    fetch(request, { peer: incoming.socket.remoteAddress });
  const fetchListener = getRequestListener(answer, {
    // The process's own Request and Response stay as they are.
    overrideGlobalObjects: false,
    errorHandler: (error) => answerFault(error, log),
  });
  return (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const found = listeners.find(({ prefix }) => isUnder(prefix, path));
    if (found === undefined) void fetchListener(request, response);
    else found.listener(request, response);
  };
}

function answerFault(error: unknown, log: ListenOptions['log']): Response {
  if (error instanceof RequestError) {
    const detail = 'Its address or its Host header cannot be read.';
    return problem({ status: 400, title: 'The request is malformed', detail });
  }
  log.error({ err: error }, 'a request failed');
  const detail = 'Try again; if it goes on, tell those who run this service.';
  return problem({ status: 500, title: 'Something went wrong here', detail });
}

function bound(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
