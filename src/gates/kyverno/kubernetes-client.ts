import { readFile } from 'node:fs/promises';
import { Agent, fetch, type Response } from 'undici';
import { z } from 'zod';
import { KyvernoFailure } from './kyverno-failure.ts';

/** The Kubernetes API as a service account sees it. Every call throws KyvernoFailure. */
export interface KubernetesClient {
  /** The body of a 200; `null` where the object is not there. */
  get(path: string): Promise<unknown>;
  /** `warnings` are what admission webhooks say beside their yes (RFC 9110 §5.5, code 299). */
  write(method: 'POST' | 'PUT', path: string, object: unknown): Promise<readonly string[]>;
  /** Of exactly the object that was read; one that is gone is no mistake. */
  remove(path: string, uid: string): Promise<void>;
}

export interface ClusterAddress {
  readonly apiUrl: string;
  readonly tokenFile: string;
  /** PEM. */
  readonly ca: string | null;
  readonly timeoutMs?: number;
}

/** Kyverno's webhooks have ten seconds to answer in, and the API server waits for them. */
const TIMEOUT_MS = 15_000;
const LONGEST_BYTES = 16 * 1_024 * 1_024;

const Status = z.object({ kind: z.literal('Status'), message: z.string() });

export function kubernetesClient(address: ClusterAddress): KubernetesClient {
  const { apiUrl, tokenFile, ca, timeoutMs = TIMEOUT_MS } = address;
  const dispatcher = new Agent({
    connect: ca === null ? {} : { ca },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: LONGEST_BYTES,
  });

  async function call(method: string, path: string, body?: unknown) {
    try {
      const token = (await readFile(tokenFile, 'utf8')).trim();
      const response = await fetch(`${apiUrl}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'content-type': 'application/json',
        },
        body: body === undefined ? null : JSON.stringify(body),
        // A token goes to the address that was configured, and to no other.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        dispatcher,
      });
      return { response, text: await response.text() };
    } catch (cause) {
      throw new KyvernoFailure('unreachable', 'the API server did not answer', { cause });
    }
  }

  return {
    async get(path) {
      const { response, text } = await call('GET', path);
      if (response.status === 404) return null;
      if (response.status !== 200) throw refusal(response, text);
      return json(text);
    },
    async write(method, path, object) {
      // An older Kyverno would drop a member it does not know, and with it perhaps the expiry.
      const { response, text } = await call(method, `${path}?fieldValidation=Strict`, object);
      if (response.status !== 200 && response.status !== 201) throw refusal(response, text);
      return warnings(response.headers.get('warning'));
    },
    async remove(path, uid) {
      const options = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } };
      const { response, text } = await call('DELETE', path, options);
      if (![200, 202, 404].includes(response.status)) throw refusal(response, text);
    },
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON fails the schema it is held against.
    return undefined;
  }
}

function refusal({ status }: Response, text: string): KyvernoFailure {
  const said = Status.safeParse(json(text));
  const message = said.success ? said.data.message : `status ${status}`;
  if (status === 401 || (status === 403 && !isWebhook(text)))
    return new KyvernoFailure('not-authorised', `the API server refuses: ${message}`);
  if (!said.success) return new KyvernoFailure('strange-answer', `the API server gave ${message}`);
  if (status === 404) return new KyvernoFailure('no-kyverno', message);
  if (status === 409) return new KyvernoFailure('conflict', message);
  if (status >= 500) return new KyvernoFailure('unreachable', message);
  return new KyvernoFailure('refused', `the exception is not taken: ${message}`);
}

/** RBAC says `reason: Forbidden`; a webhook that denies says what its author wrote there, or nothing. */
function isWebhook(text: string): boolean {
  const parsed = z.object({ reason: z.string().optional() }).safeParse(json(text));
  return parsed.success && parsed.data.reason !== 'Forbidden';
}

/** The texts of `299 - "…"`, of which there may be several. */
function warnings(header: string | null): readonly string[] {
  const found = (header ?? '').matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...found].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'));
}
