import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { POLICY_EXCEPTION_SPEC, schemaMistakes } from './policy-exception-schema.ts';

type Texts = Record<string, string>;

export interface StoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    name: string;
    namespace: string;
    labels?: Texts;
    annotations?: Texts;
    uid: string;
    resourceVersion: string;
    deletionTimestamp?: string;
  };
  readonly spec: Record<string, unknown>;
}

export interface ClusterCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/**
 * A Kubernetes API server with Kyverno's PolicyExceptions, as the API conventions have it: bearer tokens,
 * label selectors, pages, strict field validation by the schema, label and name syntax, versions and
 * preconditions. Admission is scripted.
 */
export interface FakeCluster extends AsyncDisposable {
  readonly url: string;
  token: string;
  readonly exceptions: Map<string, StoredObject>;
  /** By path, as `/apis/policies.kyverno.io/v1/validatingpolicies/release-images`. */
  readonly policies: Map<string, unknown>;
  readonly calls: ClusterCall[];
  /** What an admission webhook denies with. */
  denies: string | null;
  warns: readonly string[];
  /** Whether Kyverno's definitions are installed. */
  installed: boolean;
  /** At most so many in one page, whatever was asked for. */
  page: number;
  /** Runs before each write, as somebody else who is quicker. */
  before: (call: ClusterCall) => void;
}

const PREFIX = '/apis/policies.kyverno.io/v1/namespaces/breakglass-exceptions/policyexceptions';
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

export async function startFakeCluster(): Promise<FakeCluster> {
  const state = {
    url: '',
    token: 'service-account-token',
    exceptions: new Map<string, StoredObject>(),
    policies: new Map<string, unknown>(),
    calls: [] as ClusterCall[],
    denies: null as string | null,
    warns: [] as readonly string[],
    installed: true,
    page: 500,
    before: (() => undefined) as (call: ClusterCall) => void,
  };
  let version = 100;
  const server = createServer((request, response) => void serve(request, response));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks).toString();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://cluster');
    const body = sent === '' ? undefined : (JSON.parse(sent) as unknown);
    const call = { method: request.method ?? '', path: pathname, query: searchParams, body };
    state.calls.push(call);
    const isKnown = request.headers.authorization === `Bearer ${state.token}`;
    const answer = isKnown ? handle(call) : failure(401, 'Unauthorized', 'Unauthorized');
    const isWrite = call.method === 'POST' || call.method === 'PUT';
    for (const text of isWrite ? state.warns : [])
      response.appendHeader('warning', `299 - ${JSON.stringify(text)}`);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  }

  function handle(call: ClusterCall): Answer {
    const { method, path } = call;
    if (!state.installed) return failure(404, 'NotFound', 'the server could not find the resource');
    if (state.policies.has(path)) return { status: 200, body: state.policies.get(path) };
    if (path === PREFIX && method === 'GET') return list(call);
    if (!path.startsWith(PREFIX)) return failure(404, 'NotFound', `${path} not found`);
    if (method === 'GET') return look(path.slice(PREFIX.length + 1));
    state.before(call);
    if (method === 'DELETE') return remove(path.slice(PREFIX.length + 1), call.body);
    const object = call.body as StoredObject;
    const mistakes = objectMistakes(object, call.query);
    if (mistakes.length > 0) return failure(400, 'BadRequest', mistakes.join(', '));
    if (state.denies !== null)
      return { status: 400, body: { kind: 'Status', status: 'Failure', message: state.denies } };
    return method === 'POST' ? create(object) : replace(path.slice(PREFIX.length + 1), object);
  }

  function list({ query }: ClusterCall): Answer {
    const wanted = (query.get('labelSelector') ?? '').split(',').map((pair) => pair.split('='));
    const all = [...state.exceptions.values()].filter(({ metadata: { labels = {} } }) =>
      wanted.every(([key = '', value]) => labels[key] === value),
    );
    const from = Number(query.get('continue') ?? 0);
    const to = from + Math.min(Number(query.get('limit') ?? 500), state.page);
    const metadata = to < all.length ? { continue: String(to) } : {};
    return {
      status: 200,
      body: { kind: 'PolicyExceptionList', metadata, items: all.slice(from, to) },
    };
  }

  function look(name: string): Answer {
    const stands = state.exceptions.get(name);
    if (stands === undefined) return failure(404, 'NotFound', `"${name}" not found`);
    return { status: 200, body: stands };
  }

  function create(object: StoredObject): Answer {
    const { name } = object.metadata;
    if (state.exceptions.has(name))
      return failure(409, 'AlreadyExists', `"${name}" already exists`);
    return { status: 201, body: store(object, randomUUID()) };
  }

  function replace(name: string, object: StoredObject): Answer {
    const stands = state.exceptions.get(name);
    if (stands === undefined) return failure(404, 'NotFound', `"${name}" not found`);
    if (object.metadata.resourceVersion !== stands.metadata.resourceVersion)
      return failure(409, 'Conflict', 'the object has been modified');
    return { status: 200, body: store(object, stands.metadata.uid) };
  }

  function remove(name: string, options: unknown): Answer {
    const stands = state.exceptions.get(name);
    if (stands === undefined) return failure(404, 'NotFound', `"${name}" not found`);
    const { preconditions } = options as { preconditions?: { uid?: string } };
    if (preconditions?.uid !== undefined && preconditions.uid !== stands.metadata.uid)
      return failure(409, 'Conflict', 'the UID in the precondition does not match');
    state.exceptions.delete(name);
    return { status: 200, body: { kind: 'Status', status: 'Success' } };
  }

  function store(object: StoredObject, uid: string): StoredObject {
    version += 1;
    const spec = { reportResult: 'skip', ...object.spec };
    const metadata = { ...object.metadata, uid, resourceVersion: String(version) };
    const stored = { ...object, metadata, spec };
    state.exceptions.set(metadata.name, stored);
    return stored;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const failure = (code: number, reason: string, message: string): Answer => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code },
});

function objectMistakes(object: StoredObject, query: URLSearchParams): readonly string[] {
  const { apiVersion, kind, metadata, spec } = object;
  const found: string[] = [];
  if (apiVersion !== 'policies.kyverno.io/v1' || kind !== 'PolicyException') found.push('the kind');
  if (query.get('fieldValidation') !== 'Strict') found.push('unknown fields would be dropped');
  if (metadata.namespace !== 'breakglass-exceptions') found.push('the namespace');
  if (!SUBDOMAIN.test(metadata.name)) found.push('the name');
  for (const [key, value] of Object.entries(metadata.labels ?? {}))
    if (!LABEL_VALUE.test(value)) found.push(`the label ${key}`);
  return [...found, ...schemaMistakes(POLICY_EXCEPTION_SPEC, spec)];
}
