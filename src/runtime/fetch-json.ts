import { request } from 'undici';
import { isLoopback } from '#notify/loopback';
import { guardedAgent } from '#notify/guarded-agent';
import { readAtMost } from '#notify/read-at-most';

/** What was asked for did not come: another status than 200, too much, or no JSON. */
class NotFetched extends Error {
  override name = 'NotFetched';
  readonly code: 'status' | 'too-large' | 'not-json' | 'plain-http';
  constructor(code: 'status' | 'too-large' | 'not-json' | 'plain-http', message: string) {
    super(message);
    this.code = code;
  }
}

const MAX_BYTES = 1024 * 1024;
const CONNECT_TIMEOUT_MS = 1_000;

export interface JsonFetcher {
  readonly fetchJson: (url: URL, signal: AbortSignal) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/**
 * Fetches small JSON documents of others. Addresses inside the network, and http to others than this
 * machine, only where `allowPrivate` is set; no redirect is followed.
 */
export function createJsonFetcher(allowPrivate: boolean): JsonFetcher {
  const agent = guardedAgent({ allowPrivate, connectTimeoutMs: CONNECT_TIMEOUT_MS });
  return {
    async fetchJson(url, signal) {
      if (url.protocol !== 'https:' && !(allowPrivate && isLoopback(url.hostname)))
        throw new NotFetched('plain-http', 'keys are not fetched over http');
      const { statusCode, body } = await request(url, {
        dispatcher: agent,
        signal,
        headers: { accept: 'application/json' },
      });
      const text = await readText(body);
      if (statusCode !== 200) throw new NotFetched('status', `the answer was ${statusCode}`);
      return parse(text);
    },
    close: () => agent.close(),
  };
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const bytes = await readAtMost(body, MAX_BYTES);
  if (bytes === null) throw new NotFetched('too-large', 'the answer is too large');
  return Buffer.from(bytes).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotFetched('not-json', 'the answer is no JSON');
  }
}
