import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ApiEndpoint } from './api/api-endpoint.ts';
import { CLIENT_PAGES, type ServeClient } from './client-routes.ts';
import type { SocketMode } from './delivery/socket-mode.ts';
import { isFromHere } from './from-here.ts';
import { sendJson } from './http-body.ts';

/** What answers under each part of the address. */
export interface Endpoints {
  api: ApiEndpoint;
  driver: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** The page for people: a web client of this workspace. */
  client: ServeClient;
  /** Absent where the app is reached by HTTP. */
  socketMode?: SocketMode;
}

const LOOPBACK = '127.0.0.1';

/** Listens on loopback only: whoever reaches the workspace can act there as anybody. */
export async function listen(endpoints: Endpoints, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    route(endpoints, request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { ok: false, error: 'internal_error', message });
    });
  });
  server.on('upgrade', (request, socket, head) => upgrade(endpoints, request, socket, head));
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject);
  server.listen(port, LOOPBACK, () => resolve(undefined));
  await promise;
  return server;
}

export function originOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://${LOOPBACK}:${port}`;
}

async function route(
  { api, driver, client }: Endpoints,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refused = refusalOf(request);
  if (refused === 400) return sendJson(response, 400, { ok: false, error: 'invalid_address' });
  if (refused === 403) return sendJson(response, 403, { ok: false, error: 'forbidden' });
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname.startsWith('/api/')) {
    return api.serveMethod(pathname.slice('/api/'.length), request, response);
  }
  if (pathname.startsWith('/commands/') || pathname.startsWith('/actions/')) {
    return api.serveResponseUrl(pathname, request, response);
  }
  if (pathname.startsWith('/driver/')) return driver(request, response);
  if (await client(request, response)) return;
  return sendJson(response, 404, { ok: false, error: 'not_found' });
}

/** What is thrown here would end the process: no promise and no response stand around a listener. */
function upgrade(
  { socketMode }: Endpoints,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  // Node has taken its own listener away by now.
  socket.on('error', () => socket.destroy());
  const refused = refusalOf(request) ?? (socketMode === undefined ? 404 : undefined);
  if (refused === undefined) return socketMode?.upgrade(request, socket, head);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${refused} Refused\r\nConnection: close\r\n\r\n`);
}

/** The status to refuse with what cannot be read, or does not come from here. */
function refusalOf({ url = '/', method = 'GET', headers }: IncomingMessage): 400 | 403 | undefined {
  if (!URL.canParse(url, 'http://localhost')) return 400;
  const { pathname: path } = new URL(url, 'http://localhost');
  const header = (name: string): string | undefined => headers[name]?.toString();
  return isFromHere({ method, path, header }, CLIENT_PAGES) ? undefined : 403;
}
