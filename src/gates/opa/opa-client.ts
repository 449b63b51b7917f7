import { Agent, fetch, type Response } from 'undici';
import { z } from 'zod';
import { OpaFailure } from './opa-failure.ts';
import type { Change } from './plan-changes.ts';

/** One OPA, through its REST API (Data API v1, Config API v1). Every call throws OpaFailure. */
export interface OpaClient {
  /** Its host, for messages. */
  readonly host: string;
  /** `undefined` where nothing stands. */
  read(path: readonly string[]): Promise<unknown>;
  /** Replaces the document; makes its parents. */
  put(path: readonly string[], value: unknown): Promise<void>;
  /** All changes or none (RFC 6902). The document must be there. */
  patch(path: readonly string[], changes: readonly Change[]): Promise<void>;
  /** `undefined` where the decision is undefined. */
  decide(path: readonly string[], input: unknown): Promise<unknown>;
  /** The configuration that is in force, without its credentials. */
  config(): Promise<unknown>;
  /** Removes the document; nothing there is no mistake. */
  remove(path: readonly string[]): Promise<void>;
}

export interface OpaAddress {
  readonly url: string;
  readonly token: string | null;
  /** PEM. */
  readonly ca: string | null;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
/** An exception has half a kilobyte; nobody waits for thousands of them. */
const LONGEST_BYTES = 4 * 1_024 * 1_024;
const JSON_PATCH = 'application/json-patch+json';

const Answer = z.object({ result: z.unknown().optional() });
const Refusal = z.object({ message: z.string() });

export function opaClient({ url, token, ca, timeoutMs = TIMEOUT_MS }: OpaAddress): OpaClient {
  const dispatcher = new Agent({
    connect: ca === null ? {} : { ca },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: LONGEST_BYTES,
  });
  const { host } = new URL(url);

  async function call(method: string, path: string, body?: unknown, type = 'application/json') {
    const headers: Record<string, string> = { 'content-type': type };
    if (token !== null) headers['authorization'] = `Bearer ${token}`;
    try {
      const response = await fetch(`${url}/v1${path}`, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        // A token goes to the address that was configured, and to no other.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        dispatcher,
      });
      return { response, text: await response.text() };
    } catch (cause) {
      throw new OpaFailure('unreachable', `${host} did not answer`, { cause });
    }
  }

  async function answered(method: string, path: string, body?: unknown): Promise<unknown> {
    const { response, text } = await call(method, path, body);
    if (response.status !== 200) throw refused(host, response, text);
    const parsed = Answer.safeParse(json(text));
    if (!parsed.success) throw strange(host, response.status);
    return parsed.data.result;
  }

  async function written(method: string, path: string, body?: unknown, type?: string) {
    const { response, text } = await call(method, path, body, type);
    if (response.status === 404 && method === 'DELETE') return;
    if (response.status !== 204) throw refused(host, response, text);
  }

  return {
    host,
    read: (path) => answered('GET', data(path)),
    put: (path, value) => written('PUT', data(path), value),
    patch: (path, changes) => written('PATCH', data(path), changes, JSON_PATCH),
    remove: (path) => written('DELETE', data(path)),
    decide: (path, input) => answered('POST', data(path), { input }),
    config: () => answered('GET', '/config'),
  };
}

const data = (path: readonly string[]): string =>
  `/data/${path.map((segment) => encodeURIComponent(segment)).join('/')}`;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON fails the schema it is held against.
    return undefined;
  }
}

function refused(host: string, { status }: Response, text: string): OpaFailure {
  if (status === 401 || status === 403)
    return new OpaFailure('not-authorised', `${host} refused the token (${status})`);
  const said = Refusal.safeParse(json(text));
  if (status !== 400 || !said.success) return strange(host, status);
  return new OpaFailure(
    'path-not-ours',
    `${host} takes no data there: ${said.data.message}. Leave the path out of the roots of its ` +
      'bundles, or choose another one',
  );
}

const strange = (host: string, status: number): OpaFailure =>
  new OpaFailure('strange-answer', `${host} answered ${status}, as no OPA does`);
