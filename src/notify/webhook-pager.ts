import type { LookupFunction } from 'node:net';
import type { Logger } from 'pino';
import { PageFailed, type Page, type Pager } from '#application/ports/pager';
import { pagePayload } from './page-payload.ts';
import { webhookPost, type WebhookAnswer, type WebhookMessage } from './webhook-post.ts';
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
  const signers = [webhookSigner(options.secret)];
  const post = webhookPost({
    allowPrivate,
    timeoutMs,
    ...(lookup === undefined ? {} : { lookup }),
  });
  return {
    async page(page) {
      const failure = failureOf(await post.send(url, messageOf(page, signers)));
      if (failure === null) return;
      // The host alone: a path often holds a token of its receiver.
      log.warn({ host: url.host, page: page.id, code: failure.code }, 'a page was not delivered');
      throw failure;
    },
    close: () => post.close(),
  };
}

function messageOf(page: Page, signers: WebhookMessage['signers']): WebhookMessage {
  const at = new Date(page.at);
  const body = JSON.stringify(pagePayload(page));
  return { id: page.id, mediaType: 'application/json', body, signers, at };
}

/** `null` when it was taken. */
function failureOf(answer: WebhookAnswer): PageFailed | null {
  if ('failed' in answer) {
    const code = answer.failed === 'address-refused' ? 'address-refused' : 'unavailable';
    return new PageFailed(code, { cause: answer.cause });
  }
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const code = status === TOO_MANY_REQUESTS || status >= 500 ? 'unavailable' : 'rejected';
  return new PageFailed(code, { cause: new Error(`HTTP ${status}`) });
}
