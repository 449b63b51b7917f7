import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';

export interface StatisticsReader {
  /** The database's clock. */
  now(tenant: TenantId): Promise<Instant>;
  /** The statements of entries of bypasses that were recorded since, in the order of the log. */
  entriesSince(tenant: TenantId, from: Instant): AsyncIterable<Uint8Array>;
}
