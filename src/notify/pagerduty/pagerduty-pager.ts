import { request, type Agent } from 'undici';
import { PageFailed, type Page, type Pager } from '#application/ports/pager';
import { AddressRefused, guardedAgent } from '../guarded-agent.ts';
import { pagePayload } from '../page-payload.ts';
import { nobodyWords, pageTitle } from '../page-words.ts';
import { readAtMost } from '../read-at-most.ts';

export interface PagerDutyPagerOptions {
  /** `https://events.pagerduty.com`, or that of the EU service region. */
  readonly url: string;
  /** The integration key of one service: whoever has it can page its people. */
  readonly routingKey: string;
  /** Lets PagerDuty be http and inside the network. */
  readonly allowPrivate?: boolean;
  readonly log: { warn(what: object, message: string): void };
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const LONGEST_SUMMARY = 1_024;

/**
 * Pages by PagerDuty's Events API v2 (developer.pagerduty.com/docs/events-api-v2). Each ring is an
 * alert of its own: a repeated trigger of an open alert wakes nobody. All of them are resolved. 202 is
 * taken, 429 and 5xx are worth another try, all else is `rejected`. The key goes in the body and into
 * no log.
 */
export function createPagerDutyPager(
  options: PagerDutyPagerOptions,
): Pager & { close(): Promise<void> } {
  const { url, routingKey, allowPrivate = false, timeoutMs = TIMEOUT_MS, log } = options;
  const agent = guardedAgent({ allowPrivate, connectTimeoutMs: timeoutMs });
  const enqueue = new URL(`${url}/v2/enqueue`);
  return {
    async page(page) {
      for (const ring of page.rings) {
        const event = { routing_key: routingKey, ...eventOf(page, ring) };
        const failure = await send(enqueue, JSON.stringify(event), agent, timeoutMs);
        if (failure === null) continue;
        log.warn({ page: page.id, code: failure.code }, 'PagerDuty did not take a page');
        throw failure;
      }
    },
    close: () => agent.close(),
  };
}

/** At most 255 characters. */
const dedupKey = (page: Page, ring: string): string => `${page.card.bypass}/${ring}`;

function eventOf(page: Page, ring: string): object {
  const { card, link } = page;
  const key = { dedup_key: dedupKey(page, ring) };
  if (page.kind === 'resolved') return { event_action: 'resolve', ...key };
  const nobody = nobodyWords(card);
  const { bypass: _bypass, dedupKey: _key, ...details } = pagePayload(page).data;
  return {
    event_action: 'trigger',
    ...key,
    client: 'Safeguard Break-glass',
    ...(link === null
      ? {}
      : { client_url: link, links: [{ href: link, text: 'Decide on this request' }] }),
    payload: {
      summary: pageTitle(page).slice(0, LONGEST_SUMMARY),
      source: card.gate,
      // Nobody is woken by a rehearsal unless their own rules say so.
      severity: card.drill ? 'info' : 'critical',
      timestamp: new Date(card.openedAt).toISOString(),
      component: card.scope.service,
      group: card.scope.environment,
      class: 'break-glass request',
      custom_details: { ...details, ...(nobody === null ? {} : { nobody_to_ask: nobody }) },
    },
  };
}

/** `null` where it was taken. */
async function send(
  url: URL,
  body: string,
  agent: Agent,
  timeoutMs: number,
): Promise<PageFailed | null> {
  try {
    const answer = await request(url, {
      method: 'POST',
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'content-type': 'application/json' },
      body,
    });
    await readAtMost(answer.body, MAX_ANSWER_BYTES);
    const { statusCode: status } = answer;
    if (status === 202) return null;
    const code = status === 429 || status >= 500 ? 'unavailable' : 'rejected';
    return new PageFailed(code, { cause: new Error(`HTTP ${status}`) });
  } catch (cause) {
    const code = cause instanceof AddressRefused ? 'address-refused' : 'unavailable';
    return new PageFailed(code, { cause });
  }
}
