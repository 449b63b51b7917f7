import { once } from 'node:events';
import { request, type OutgoingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWorkspace, type Workspace } from '#workspace/workspace';
import { acme, ANA, APP_TOKEN, BOT_TOKEN, clientOf, GENERAL, JSON_TYPE } from './acme.ts';

/** What a browser, and the pages in it, can send to a workspace on the same machine. */
let workspace: Workspace;

beforeEach(async () => {
  workspace = await startWorkspace({ seed: acme() });
});

afterEach(() => workspace.close());

interface Sent {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** As `fetch` would, which sets some of these headers by itself; gives the status. */
async function statusOf(path: string, { method = 'GET', headers, body }: Sent = {}) {
  const { hostname, port } = new URL(workspace.origin);
  const asked = request({ hostname, port, path, method, headers: headers ?? {} });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

async function upgradeTo(path: string, headers: Record<string, string> = {}): Promise<Socket> {
  const { hostname, port, host } = new URL(workspace.origin);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const all = {
    host,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}

/** The status of an upgrade's answer, once the server has ended the connection. */
async function upgradeStatus(path: string, headers: Record<string, string> = {}): Promise<number> {
  const socket = await upgradeTo(path, headers);
  let text = '';
  socket.on('data', (data: Buffer) => (text += data.toString()));
  await once(socket, 'close');
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
}

/** A path that would admit a connection. */
async function ticket(): Promise<string> {
  const { url } = await clientOf(workspace, {}, APP_TOKEN).apps.connections.open({});
  const { pathname, search } = new URL(String(url));
  return `${pathname}${search}`;
}

const say: Sent = {
  method: 'POST',
  headers: JSON_TYPE,
  body: JSON.stringify({ channel: GENERAL, text: 'x' }),
};
const withHeaders = (headers: OutgoingHttpHeaders): Sent => ({
  ...say,
  headers: { ...JSON_TYPE, ...headers },
});

test('an address that cannot be read is refused, of a request and of a WebSocket', async () => {
  expect(await statusOf('//')).toBe(400);
  expect(await upgradeStatus('//')).toBe(400);
  expect(await statusOf('/driver/people')).toBe(200);
});

test('no page of another site or port opens a WebSocket, even with a ticket', async () => {
  const path = await ticket();
  const { port } = new URL(workspace.origin);
  expect(await upgradeStatus(path, { origin: 'https://elsewhere.test' })).toBe(403);
  expect(await upgradeStatus(path, { origin: 'http://localhost:9' })).toBe(403);
  expect(await upgradeStatus(path, { host: `rebound.test:${port}` })).toBe(403);
  expect(await upgradeStatus('/link/?ticket=none')).toBe(401);
});

test('a line that breaks during an upgrade harms nobody else', async () => {
  for (const path of ['//', '/link/?ticket=none', await ticket()]) {
    const socket = await upgradeTo(path);
    socket.resetAndDestroy();
    await once(socket, 'close');
  }
  expect(await statusOf('/driver/people')).toBe(200);
});

test.for(['null', 'http://localhost:9', 'http://127.0.0.1:9', 'https://elsewhere.test', ''])(
  'a page of the origin “%s” acts as nobody',
  async (origin) => {
    expect(await statusOf(`/driver/as/${ANA}/say`, withHeaders({ origin }))).toBe(403);
    expect(workspace.as(ANA).messages(GENERAL)).toEqual([]);
  },
);

test('the workspace’s own page acts, by either of its names', async () => {
  const own = withHeaders({ origin: workspace.origin, 'sec-fetch-site': 'same-origin' });
  expect(await statusOf(`/driver/as/${ANA}/say`, own)).toBe(200);
  const host = new URL(workspace.origin).host.replace('127.0.0.1', 'localhost');
  const byName = withHeaders({ host, origin: `http://${host}` });
  expect(await statusOf(`/driver/as/${ANA}/say`, byName)).toBe(200);
});

test.for(['cross-site', 'same-site'])('a picture in a %s page calls no method', async (site) => {
  const headers = { authorization: `Bearer ${BOT_TOKEN}`, 'sec-fetch-site': site };
  const query = new URLSearchParams({ channel: GENERAL, text: 'x' }).toString();
  expect(await statusOf(`/api/chat.postMessage?${query}`, { headers })).toBe(403);
  const asLink = { ...headers, 'sec-fetch-mode': 'navigate' };
  expect(await statusOf(`/api/chat.postMessage?${query}`, { headers: asLink })).toBe(403);
  expect(await statusOf('/driver/events', { headers })).toBe(403);
  expect(workspace.as(ANA).messages(GENERAL)).toEqual([]);
});

test('a link or a frame of another page may show the client, and its parts are its own', async () => {
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect(await statusOf('/client/?as=U1', { headers })).toBe(200);
  expect(await statusOf('/client/client.js', { headers })).toBe(403);
  expect(await statusOf('/client/', { headers: { 'sec-fetch-site': 'cross-site' } })).toBe(403);
});

test('a token in the address is none', async () => {
  const query = new URLSearchParams({ token: BOT_TOKEN, channel: GENERAL, text: 'x' }).toString();
  const response = await fetch(`${workspace.apiUrl}chat.postMessage?${query}`);
  expect(await response.json()).toMatchObject({ ok: false, error: 'not_authed' });
});
