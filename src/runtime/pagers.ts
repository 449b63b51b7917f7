import type { Logger } from 'pino';
import type { OnCall } from '#application/ports/on-call';
import type { Pager, PagerKind, Pagers } from '#application/ports/pager';
import { createMailPager } from '#notify/mail/mail-pager';
import { createOnCall } from '#notify/pagerduty/on-call';
import { createPagerDutyPager } from '#notify/pagerduty/pagerduty-pager';
import { createWebhookPager } from '#notify/webhook-pager';
import type { TenantSecrets } from '#application/ports/tenant-secrets';
import type { TenantId } from '#domain/ids';
import type { Config, Secrets } from './config/read-config.ts';
import { tenantOnCall, tenantPagers } from './tenant-pagers.ts';

type PageConfig = Pick<Config, 'slack' | 'page' | 'pageMail' | 'pagerDuty'>;

/** The ways to page: those of the settings for the one tenant that they are of, else each tenant's own. */
export function openPagers(
  config: PageConfig & Pick<Config, 'checkpoints'>,
  secrets: Pick<Secrets, 'page' | 'mailUrl' | 'pagerDuty'>,
  own: TenantSecrets,
  log: Logger,
  cleanup: AsyncDisposableStack,
): Pagers {
  const { oauth } = config.slack;
  if (oauth !== null) {
    const { pagerDuty: at } = config;
    return tenantPagers(own, { pagerDuty: at, allowPrivate: oauth.pagesInside }, log, cleanup);
  }
  const ways: Partial<Record<PagerKind, Pager>> = {};
  const { page, pageMail, pagerDuty, checkpoints } = config;
  if (page !== null && secrets.page !== null) {
    const webhook = createWebhookPager({ ...secrets.page, allowPrivate: page.allowPrivate, log });
    cleanup.defer(() => webhook.close());
    ways.webhook = webhook;
  }
  const { routingKey } = secrets.pagerDuty;
  if (routingKey !== null) {
    const { eventsUrl: url, allowPrivate } = pagerDuty;
    const events = createPagerDutyPager({ url, routingKey, allowPrivate, log });
    cleanup.defer(() => events.close());
    ways.pagerduty = events;
  }
  if (pageMail && checkpoints.mail !== null && secrets.mailUrl !== null) {
    const { to: otherwise, ...mail } = checkpoints.mail;
    const mailer = createMailPager({ ...mail, otherwise, url: secrets.mailUrl, log });
    cleanup.defer(() => mailer.close());
    ways.mail = mailer;
  }
  return { of: async () => ways };
}

/** Whether a tenant's people are paged outside Slack at all. */
export const isPagedBy =
  ({ slack, page, pageMail, pagerDuty }: PageConfig, own: TenantSecrets) =>
  async (tenant: TenantId): Promise<boolean> => {
    if (slack.oauth === null) return page !== null || pageMail || pagerDuty.pages;
    const has = await own.of(tenant);
    const isPosted = has['page-url'] !== undefined && has['page-secret'] !== undefined;
    return isPosted || has['pagerduty-routing-key'] !== undefined;
  };

/** Who is on call, by the one PagerDuty account that the settings name, else by each tenant's own. */
export function openOnCall(
  { pagerDuty, slack }: Pick<Config, 'pagerDuty' | 'slack'>,
  { pagerDuty: { token } }: Pick<Secrets, 'pagerDuty'>,
  own: TenantSecrets,
  cleanup: AsyncDisposableStack,
): OnCall {
  if (slack.oauth !== null) return tenantOnCall(own, { pagerDuty }, cleanup);
  const { apiUrl: url, allowPrivate } = pagerDuty;
  const account = token === null ? null : { url, token };
  const onCall = createOnCall({ accountOf: async () => account, allowPrivate });
  cleanup.defer(() => onCall.close());
  return onCall;
}
