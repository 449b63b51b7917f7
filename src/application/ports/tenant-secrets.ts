import type { TenantId } from '#domain/ids';

/** What a tenant brings where many are served: with what its people are paged, and who is on call. */
export const TENANT_SECRETS = [
  /** Where pages are sent to. */
  'page-url',
  /** What they are signed with: Standard Webhooks, `whsec_…`. */
  'page-secret',
  /** The integration key of a service, Events API v2. */
  'pagerduty-routing-key',
  /** Reads schedules and escalation policies. */
  'pagerduty-api-token',
] as const;

export type TenantSecret = (typeof TENANT_SECRETS)[number];

export type SecretsOf = Readonly<Partial<Record<TenantSecret, string>>>;

export interface TenantSecrets {
  /** In place of the one before; `null` takes it away. */
  put(tenant: TenantId, name: TenantSecret, value: string | null): Promise<void>;
  of(tenant: TenantId): Promise<SecretsOf>;
}
