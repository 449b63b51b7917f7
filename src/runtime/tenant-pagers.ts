import type { Logger } from 'pino';
import { FreshCache } from '#application/people/fresh-cache';
import type { OnCall } from '#application/ports/on-call';
import type { Pager, PagerKind, Pagers } from '#application/ports/pager';
import type { SecretsOf, TenantSecrets } from '#application/ports/tenant-secrets';
import type { TenantId } from '#domain/ids';
import { MINUTE_MS } from '#domain/instant';
import { createOnCall } from '#notify/pagerduty/on-call';
import { createPagerDutyPager } from '#notify/pagerduty/pagerduty-pager';
import { createWebhookPager } from '#notify/webhook-pager';
import type { Config } from './config/read-config.ts';

type PagerConfig = Pick<Config, 'pagerDuty'> & { readonly allowPrivate: boolean };
type Ways = Partial<Record<PagerKind, Pager>>;

interface Open {
  readonly made: string;
  readonly ways: Ways;
  readonly close: () => Promise<void>;
}

/**
 * The ways to page that each tenant brought itself: a page of one can go by no other's. A change is
 * heard of within a minute.
 */
export function tenantPagers(
  secrets: TenantSecrets,
  config: PagerConfig,
  log: Logger,
  cleanup: AsyncDisposableStack,
): Pagers {
  const known = new FreshCache<SecretsOf>(MINUTE_MS, () => performance.now());
  const opened = new Map<TenantId, Open>();
  cleanup.defer(async () => {
    for (const { close } of opened.values()) await close();
  });
  return {
    async of(tenant) {
      const own = await known.get(tenant, () => secrets.of(tenant));
      const made = JSON.stringify(own);
      const before = opened.get(tenant);
      if (before?.made === made) return before.ways;
      const now = { made, ...openWays(own, config, log) };
      opened.set(tenant, now);
      await before?.close();
      return now.ways;
    },
  };
}

function openWays(own: SecretsOf, { pagerDuty, allowPrivate }: PagerConfig, log: Logger) {
  const closing: (() => Promise<void>)[] = [];
  const ways: Ways = {};
  const { 'page-url': url, 'page-secret': secret, 'pagerduty-routing-key': routingKey } = own;
  if (url !== undefined && secret !== undefined) {
    const webhook = createWebhookPager({ url, secret, allowPrivate, log });
    closing.push(() => webhook.close());
    ways.webhook = webhook;
  }
  if (routingKey !== undefined) {
    const { eventsUrl, allowPrivate: isNear } = pagerDuty;
    const events = createPagerDutyPager({ url: eventsUrl, routingKey, allowPrivate: isNear, log });
    closing.push(() => events.close());
    ways.pagerduty = events;
  }
  const close = async (): Promise<void> => {
    for (const one of closing) await one();
  };
  return { ways, close };
}

/** Who is on call, by the PagerDuty account that each tenant brought itself. */
export function tenantOnCall(
  secrets: TenantSecrets,
  { pagerDuty: { apiUrl: url, allowPrivate } }: Pick<Config, 'pagerDuty'>,
  cleanup: AsyncDisposableStack,
): OnCall {
  const accountOf = async (tenant: TenantId) => {
    const { 'pagerduty-api-token': token } = await secrets.of(tenant);
    return token === undefined ? null : { url, token };
  };
  const onCall = createOnCall({ accountOf, allowPrivate });
  cleanup.defer(() => onCall.close());
  return onCall;
}
