import type { Logger } from 'pino';
import type { EventStore } from '#application/ports/events';
import { DAY_MS } from '#domain/instant';
import { createEventSender } from '#notify/events/event-sender';
import type { Config } from './config/read-config.ts';
import { eachTenant, type Tenants } from './each-tenant.ts';
import { startPoll } from './poll.ts';

/** The delivery log goes back so far. */
const KEPT_MS = 30 * DAY_MS;
/** Somebody at a terminal waits for it. */
const EACH_TEN_SECONDS = '*/10 * * * * *';

/** What sends events to webhooks. */
export function openEventSender(
  { webhooks }: Pick<Config, 'webhooks'>,
  cleanup: AsyncDisposableStack,
) {
  const sender = createEventSender({ allowPrivate: webhooks.allowPrivate });
  cleanup.defer(() => sender.close());
  return sender;
}

/** Sends what a command asked for, which adds no jobs itself, and forgets what is old. */
export function startEventPoll(
  events: EventStore,
  tenants: Tenants,
  log: Logger,
  cleanup: AsyncDisposableStack,
): void {
  const poll = startPoll(
    {
      name: 'events',
      at: EACH_TEN_SECONDS,
      look: () =>
        eachTenant(tenants, async (tenant) => {
          await events.sendWanted(tenant);
          await events.forget(tenant, KEPT_MS);
        }),
      onError: (err) => log.warn({ err }, 'it could not be seen which events are to be sent'),
    },
    log,
  );
  cleanup.defer(() => poll.stop());
}
