import type { LookupFunction } from 'node:net';
import type { Logger } from 'pino';
import type { Webhook } from 'standardwebhooks';
import { request, type Agent } from 'undici';
import { PageFailed, type Page, type Pager } from '#application/ports/pager';
import { AddressRefused, guardedAgent } from './guarded-agent.ts';
import { pagePayload } from './page-payload.ts';
import { webhookAddress, webhookSigner } from './webhook-settings.ts';

export interface WebhookPagerOptions {
  readonly url: string;
  /** `whsec_…`, shared with the receiver. */
  readonly secret: string;
  /** Lets the address be http and inside the network. */
  readonly allowPrivate?: boolean;
  readonly log: Pick<Logger, 'warn'>;
  /** From connecting to the answer's header. */
  readonly timeoutMs?: number;
  /** Resolves names, as `dns.lookup` does. */
  readonly lookup?: LookupFunction;
}

const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const TOO_MANY_REQUESTS = 429;

/**
 * Pages by a webhook signed as Standard Webhooks says: `POST` of a `PagePayload` with
 * `webhook-id` (the page's id), `webhook-timestamp` and `webhook-signature`. A 2xx means delivered;
 * 429, 5xx, a broken network or no answer in time is `unavailable` and worth another try; any
 * other answer, redirects included, is `rejected`. @throws WebhookMisconfigured, at once.
 */
export function createWebhookPager(
  options: WebhookPagerOptions,
): Pager & { close(): Promise<void> } {
  const { allowPrivate = false, timeoutMs = TIMEOUT_MS, lookup, log } = options;
  const url = webhookAddress(options.url, allowPrivate);
  const signer = webhookSigner(options.secret);
  const agent = guardedAgent({
    allowPrivate,
    connectTimeoutMs: timeoutMs,
    ...(lookup === undefined ? {} : { lookup }),
  });
  return {
    async page(page) {
      const failure = await deliver({ url, agent, timeoutMs }, signed(page, signer));
      if (failure === null) return;
      // The host alone: a path often holds a token of its receiver.
      log.warn({ host: url.host, page: page.id, code: failure.code }, 'a page was not delivered');
      throw failure;
    },
    close: () => agent.close(),
  };
}

interface SignedPage {
  readonly headers: Record<string, string>;
  readonly body: string;
}

function signed(page: Page, signer: Webhook): SignedPage {
  const now = new Date();
  const body = JSON.stringify(pagePayload(page, now.getTime()));
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'safeguard-breakglass',
    'webhook-id': page.id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': signer.sign(page.id, now, body),
  };
  return { headers, body };
}

/** Sends once; `null` when it was taken. */
async function deliver(
  { url, agent, timeoutMs }: { url: URL; agent: Agent; timeoutMs: number },
  { headers, body }: SignedPage,
): Promise<PageFailed | null> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await request(url, { method: 'POST', headers, body, dispatcher: agent, signal });
    await discard(answer.body, signal);
    return failureOf(answer.statusCode);
  } catch (error) {
    const code = error instanceof AddressRefused ? 'address-refused' : 'unavailable';
    return new PageFailed(code, { cause: error });
  }
}

function failureOf(status: number): PageFailed | null {
  if (status >= 200 && status < 300) return null;
  const code = status === TOO_MANY_REQUESTS || status >= 500 ? 'unavailable' : 'rejected';
  return new PageFailed(code, { cause: new Error(`HTTP ${status}`) });
}

/** Reads the rest so that the connection can be used again, and drops it where the rest is long. */
async function discard(
  body: Awaited<ReturnType<typeof request>>['body'],
  signal: AbortSignal,
): Promise<void> {
  try {
    await body.dump({ limit: MAX_ANSWER_BYTES, signal });
  } catch {
    // The status has been said; how the body ends changes nothing of it.
    body.destroy();
  }
}
