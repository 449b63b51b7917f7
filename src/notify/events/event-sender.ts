import type { LookupFunction } from 'node:net';
import type {
  Attempt,
  AttemptOutcome,
  EventSender,
  EventTarget,
  ToldEvent,
} from '#application/ports/events';
import { HOUR_MS } from '#domain/instant';
import { webhookPost, type WebhookAnswer } from '../webhook-post.ts';
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
const GONE = 410;
/** A receiver that asks for more waits no longer than it would without asking. */
const LONGEST_RETRY_AFTER_MS = HOUR_MS;

/**
 * Posts events: `webhook-id` is the event's id, the same for every try and every redelivery. A 2xx
 * means delivered; of an answer only the status and when to come again is kept.
 */
export function createEventSender(
  options: EventSenderOptions,
): EventSender & { close(): Promise<void> } {
  const { allowPrivate, timeoutMs = TIMEOUT_MS, lookup } = options;
  const post = webhookPost({
    allowPrivate,
    timeoutMs,
    ...(lookup === undefined ? {} : { lookup }),
  });
  const failing = new FailingReceivers();
  return {
    async send(target, event) {
      const url = addressOf(target, allowPrivate);
      if (url === null) return { outcome: 'address-refused', status: null, durationMs: 0 };
      const secrets = [target.secret, ...(target.before ?? []).map(({ secret }) => secret)];
      const message = {
        id: event.id,
        mediaType: CLOUD_EVENT_MEDIA_TYPE,
        body: cloudEventText(event),
        signers: secrets.map(webhookSigner),
        at: new Date(),
      };
      return failing.around(receiverOf(event, target), async () => {
        const begun = performance.now();
        const answer = await post.send(url, message);
        return { ...attemptOf(answer), durationMs: performance.now() - begun };
      });
    },
    close: () => post.close(),
  };
}

/** One tenant's receiver: that it refuses what one of them signs keeps nothing from another. */
const receiverOf = ({ origin }: ToldEvent, { url }: EventTarget): string => `${origin} ${url}`;

/** `null` for one that was taken when addresses inside the network were, and they are no more. */
function addressOf({ url }: EventTarget, allowPrivate: boolean): URL | null {
  try {
    return webhookAddress(url, allowPrivate);
  } catch (error) {
    if (error instanceof WebhookMisconfigured) return null;
    throw error;
  }
}

function attemptOf(answer: WebhookAnswer): Omit<Attempt, 'durationMs'> {
  if ('failed' in answer) return { outcome: answer.failed, status: null };
  const { status, retryAfterMs } = answer;
  const outcome = outcomeOf(status);
  if (outcome !== 'refused' || retryAfterMs === null) return { outcome, status };
  return { outcome, status, retryAfterMs: Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS) };
}

function outcomeOf(status: number): AttemptOutcome {
  if (status >= 200 && status < 300) return 'delivered';
  return status === GONE ? 'gone' : 'refused';
}
