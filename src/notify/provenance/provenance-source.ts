import type { LookupFunction } from 'node:net';
import { request, type Agent } from 'undici';
import type { Fetched, ProvenanceSource } from '#application/ports/provenance';
import { AddressRefused, guardedAgent } from '../guarded-agent.ts';
import { isLoopback } from '../loopback.ts';
import { readAtMost } from '../read-at-most.ts';

export interface ProvenanceSourceOptions {
  /** Lets addresses be inside the network, and http on this machine. */
  readonly allowPrivate: boolean;
  /** From connecting to the last byte. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Resolves names, as `dns.lookup` does. */
  readonly lookup?: LookupFunction;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * Fetches what a CI job calls the provenance of its deploy. The address is whatever the job says, so
 * the request says nothing and carries no credentials, goes to https on the public internet alone,
 * follows no redirect, and its answer is shown to nobody.
 */
export function createProvenanceSource(
  options: ProvenanceSourceOptions,
): ProvenanceSource & { close(): Promise<void> } {
  const { allowPrivate, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES, lookup } = options;
  const agent = guardedAgent({
    allowPrivate,
    connectTimeoutMs: timeoutMs,
    ...(lookup === undefined ? {} : { lookup }),
  });
  return {
    async fetch(uri) {
      const url = addressIn(uri, allowPrivate);
      return url === null ? { kind: 'not-fetched' } : get(url, { agent, timeoutMs, maxBytes });
    },
    close: () => agent.close(),
  };
}

/** `null` for what is never fetched. */
function addressIn(uri: string, allowPrivate: boolean): URL | null {
  const url = URL.parse(uri);
  if (url === null || url.username !== '' || url.password !== '') return null;
  const isPlain = url.protocol === 'http:' && allowPrivate && isLoopback(url.hostname);
  return url.protocol === 'https:' || isPlain ? url : null;
}

interface Limits {
  readonly agent: Agent;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

async function get(url: URL, { agent, timeoutMs, maxBytes }: Limits): Promise<Fetched> {
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
      // A digest is of the bytes as they lie there.
      headers: { 'accept-encoding': 'identity', 'user-agent': 'safeguard-breakglass' },
    });
    const encoding = headers['content-encoding'] ?? 'identity';
    if (statusCode !== 200 || encoding !== 'identity') {
      // Its end has to be awaited: a body that is torn off fails where nobody listens.
      await readAtMost(body, 0);
      return { kind: statusCode === 200 ? 'unreadable' : 'unreachable' };
    }
    const bytes = await readAtMost(body, maxBytes);
    return bytes === null ? { kind: 'unreadable' } : { kind: 'bytes', bytes };
  } catch (error) {
    return { kind: error instanceof AddressRefused ? 'not-fetched' : 'unreachable' };
  }
}
