import { randomBytes } from 'node:crypto';
import { isTypePattern, MOST_TYPES } from '#application/events/wanted-types';
import type { EventStore } from '#application/ports/events';
import type { TenantId } from '#domain/ids';
import { WebhookMisconfigured, webhookAddress } from '#notify/webhook-settings';
import { UsageError } from '../report-failure.ts';

export interface NewWebhook {
  readonly url: string;
  /** None is all. */
  readonly types: readonly string[];
  readonly allowPrivate: boolean;
}

/** Adds a webhook with a secret of its own. @throws UsageError for what cannot be one. */
export async function addWebhook(
  events: Pick<EventStore, 'subscribe'>,
  tenant: TenantId,
  { url, types, allowPrivate }: NewWebhook,
): Promise<{ readonly id: string; readonly secret: string }> {
  expectAddress(url, allowPrivate);
  if (types.length > MOST_TYPES || !types.every(isTypePattern))
    throw new UsageError(
      `Write --type at most ${MOST_TYPES} times, each as in sh.safeguard.breakglass.bypass.*`,
    );
  const secret = newSecret();
  const id = await events.subscribe(tenant, { url, secret }, types);
  if (id === null)
    throw new UsageError('There are as many webhooks as there may be: remove one first.');
  return { id, secret };
}

/** Puts a new secret in place of the one before. @throws UsageError where there is no such webhook. */
export async function rotateSecret(
  events: Pick<EventStore, 'exchangeSecret'>,
  tenant: TenantId,
  id: string,
  keepMs: number,
): Promise<string> {
  const secret = newSecret();
  if (await events.exchangeSecret(tenant, id, secret, keepMs)) return secret;
  throw new UsageError('There is no such webhook.');
}

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

function expectAddress(url: string, allowPrivate: boolean): void {
  try {
    webhookAddress(url, allowPrivate);
  } catch (error) {
    if (!(error instanceof WebhookMisconfigured)) throw error;
    const way = error.code === 'https-needed' ? ' BREAKGLASS_WEBHOOK_PRIVATE=yes takes http.' : '';
    // What is wrong with it is told as the cause.
    throw new UsageError(`This cannot be a webhook.${way}`, { cause: error });
  }
}
