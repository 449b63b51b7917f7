import type { LookupFunction } from 'node:net';
import { request, type Agent } from 'undici';
import type { Attempt, AttemptOutcome, EventSender, EventTarget } from '#application/ports/events';
import { AddressRefused, guardedAgent } from '../guarded-agent.ts';
import { WebhookMisconfigured, webhookAddress, webhookSigner } from '../webhook-settings.ts';
import { FailingReceivers } from './failing-receivers.ts';
import { CLOUD_EVENT_MEDIA_TYPE, cloudEventText } from './cloud-event.ts';

export interface EventSenderOptions {
  /** Lets addresses be http and inside the network. */
  readonly allowPrivate: boolean;
  /** From connecting to the answer's header. */
  readonly timeoutMs?: number;
  /** Resolves names, as `dns.lookup` does. */
  readonly lookup?: LookupFunction;
}

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const GONE = 410;

/**
 * Posts events as Standard Webhooks says: `webhook-id` is the event's id, the same for every try and
 * every redelivery; `webhook-timestamp` is that of the try. A 2xx means delivered; no redirect is
 * followed, and of an answer only the status is kept.
 */
export function createEventSender(
  options: EventSenderOptions,
): EventSender & { close(): Promise<void> } {
  const { allowPrivate, timeoutMs = TIMEOUT_MS, lookup } = options;
  const agent = guardedAgent({
    allowPrivate,
    connectTimeoutMs: timeoutMs,
    ...(lookup === undefined ? {} : { lookup }),
  });
  const failing = new FailingReceivers();
  return {
    async send(target, event) {
      const url = addressOf(target, allowPrivate);
      if (url === null) return { outcome: 'address-refused', status: null, durationMs: 0 };
      const now = new Date();
      const body = cloudEventText(event);
      const headers = {
        'content-type': CLOUD_EVENT_MEDIA_TYPE,
        'user-agent': 'safeguard-breakglass',
        'webhook-id': event.id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': webhookSigner(target.secret).sign(event.id, now, body),
      };
      return failing.around(target.url, () => deliver({ url, agent, timeoutMs }, headers, body));
    },
    close: () => agent.close(),
  };
}

/** `null` for one that was taken when addresses inside the network were, and they are no more. */
function addressOf({ url }: EventTarget, allowPrivate: boolean): URL | null {
  try {
    return webhookAddress(url, allowPrivate);
  } catch (error) {
    if (error instanceof WebhookMisconfigured) return null;
    throw error;
  }
}

async function deliver(
  { url, agent, timeoutMs }: { url: URL; agent: Agent; timeoutMs: number },
  headers: Record<string, string>,
  body: string,
): Promise<Attempt> {
  const begun = performance.now();
  const done = (outcome: AttemptOutcome, status: number | null = null): Attempt => ({
    outcome,
    status,
    durationMs: performance.now() - begun,
  });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await request(url, { method: 'POST', headers, body, dispatcher: agent, signal });
    await discard(answer.body, signal);
    return done(outcomeOf(answer.statusCode), answer.statusCode);
  } catch (error) {
    if (error instanceof AddressRefused) return done('address-refused');
    return done(signal.aborted ? 'timed-out' : 'unreachable');
  }
}

function outcomeOf(status: number): AttemptOutcome {
  if (status >= 200 && status < 300) return 'delivered';
  return status === GONE ? 'gone' : 'refused';
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
