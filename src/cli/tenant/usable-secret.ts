import type { TenantSecret } from '#application/ports/tenant-secrets';
import { WebhookMisconfigured, webhookAddress, webhookSigner } from '#notify/webhook-settings';
import { UsageError } from '../report-failure.ts';

/** What was given, as it is used. @throws UsageError, which never repeats it. */
export function usableSecret(name: TenantSecret, given: string, allowPrivate: boolean): string {
  const value = given.trim();
  switch (name) {
    case 'page-url':
      asWebhook(() => webhookAddress(value, allowPrivate));
      return value;
    case 'page-secret':
      asWebhook(() => webhookSigner(value));
      return value;
    case 'pagerduty-routing-key':
      if (/^[0-9A-Za-z]{32}$/.test(value)) return value;
      throw new UsageError('Give the 32 characters of an Events API V2 integration key.');
    case 'pagerduty-api-token':
      if (/^[\w.+/=-]{16,200}$/.test(value)) return value;
      throw new UsageError('Give a read-only REST API key of PagerDuty.');
  }
}

function asWebhook(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof WebhookMisconfigured)) throw error;
    throw new UsageError(`This cannot take pages: ${error.message}.`);
  }
}
