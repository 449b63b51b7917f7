import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An OPA as its REST API is documented: the Data API over one document, the Config API, `system.authz`
 * as one bearer token, and bundles that own paths. It evaluates nothing: decisions are scripted.
 */
export interface FakeOpa extends AsyncDisposable {
  readonly url: string;
  /** What stands below `/v1/data`. */
  data: Tree;
  /** What `POST` is answered with, by path. */
  readonly decisions: Map<string, unknown>;
  /** What `/v1/config` says. */
  config: unknown;
  /** A path that a bundle owns, as `breakglass`. */
  owned: string | null;
  /** Answers every call with this status, and an empty body. */
  broken: number | null;
  readonly calls: readonly Call[];
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

type Tree = { [name: string]: unknown };

const WATCHED = { services: { breakglass: {} }, decision_logs: { service: 'breakglass' } };

export async function startFakeOpa(token: string | null = null): Promise<FakeOpa> {
  const calls: Call[] = [];
  const state = {
    data: {} as Tree,
    decisions: new Map<string, unknown>(),
    config: WATCHED as unknown,
    owned: null as string | null,
    broken: null as number | null,
  };
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks).toString();
    const path = new URL(request.url ?? '/', 'http://opa').pathname;
    const call = {
      method: request.method ?? '',
      path,
      body: sent === '' ? undefined : (JSON.parse(sent) as unknown),
    };
    calls.push(call);
    const { status, body } = answer(call, request.headers.authorization);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }
  function answer(call: Call, sent: string | undefined): Answer {
    if (state.broken !== null) return { status: state.broken };
    if (token !== null && sent !== `Bearer ${token}`)
      return { status: 401, body: { code: 'unauthorized', message: 'request rejected' } };
    if (call.path === '/v1/config') return { status: 200, body: { result: state.config } };
    const segments = call.path.split('/').slice(3).map(decodeURIComponent);
    if (call.method === 'POST')
      return { status: 200, body: { result: state.decisions.get(segments.join('/')) } };
    if (call.method === 'GET') return { status: 200, body: { result: at(state.data, segments) } };
    const { owned } = state;
    if (owned !== null && `${segments.join('/')}/`.startsWith(`${owned}/`))
      return invalid(`path ${segments.join('/')} is owned by bundle "main"`);
    return write(state.data, segments, call);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const invalid = (message: string): Answer => ({
  status: 400,
  body: { code: 'invalid_parameter', message },
});

const NOT_FOUND: Answer = {
  status: 404,
  body: { code: 'resource_not_found', message: 'not found' },
};

function at(tree: unknown, path: readonly string[]): unknown {
  return path.reduce((found: unknown, name) => (isTree(found) ? found[name] : undefined), tree);
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function write(data: Tree, path: readonly string[], { method, body }: Call): Answer {
  const [name = '', parents] = [path.at(-1), path.slice(0, -1)];
  if (method === 'PUT') {
    const parent = parents.reduce<Tree>((tree, step) => {
      const next = isTree(tree[step]) ? tree[step] : {};
      tree[step] = next;
      return next;
    }, data);
    parent[name] = body;
    return { status: 204 };
  }
  const parent = at(data, parents);
  if (!isTree(parent) || !Object.hasOwn(parent, name)) return NOT_FOUND;
  if (method === 'DELETE') {
    delete parent[name];
    return { status: 204 };
  }
  return patch(parent, name, body);
}

/** All or nothing, as OPA does it in one transaction. */
function patch(parent: Tree, name: string, body: unknown): Answer {
  const copy = structuredClone(parent[name]);
  if (!isTree(copy)) return NOT_FOUND;
  for (const { op, path, value } of body as { op: string; path: string; value?: unknown }[]) {
    const member = path.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
    if (op === 'add') copy[member] = value;
    else if (op === 'remove' && Object.hasOwn(copy, member)) delete copy[member];
    else return NOT_FOUND;
  }
  parent[name] = copy;
  return { status: 204 };
}
