import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiEndpoint } from './api/api-endpoint.ts';
import type { ServeClient } from './client-routes.ts';
import type { SocketMode } from './delivery/socket-mode.ts';
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
const LOCAL = new Set([LOOPBACK, 'localhost']);

/** Listens on loopback only: the workspace has no secrets worth keeping and no guard to keep them. */
export async function listen(endpoints: Endpoints, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    route(endpoints, request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { ok: false, error: 'internal_error', message });
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (endpoints.socketMode) endpoints.socketMode.upgrade(request, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  });
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
  if (!isFromHere(request)) return sendJson(response, 403, { ok: false, error: 'forbidden' });
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

/** Keeps pages of other sites, which a browser lets reach loopback, from acting as people here. */
function isFromHere({ headers }: IncomingMessage): boolean {
  const addresses = [`http://${headers.host ?? ''}`, headers.origin];
  return addresses.every((address) => address === undefined || LOCAL.has(hostOf(address)));
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : '';
}
