import type { BypassId, TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import { readStatement } from '#ledger/read-statement';
import type { StatisticsReader } from '../ports/statistics.ts';
import { noteEvent, type BypassFacts } from './bypass-facts.ts';

/** The bypasses of a tenant that were asked for since, with what is known of them now. */
export async function readFacts(
  reader: StatisticsReader,
  tenant: TenantId,
  from: Instant,
): Promise<readonly BypassFacts[]> {
  const found = new Map<BypassId, BypassFacts>();
  for await (const statement of reader.entriesSince(tenant, from)) {
    const read = readStatement(statement);
    if (!read.ok) throw new TypeError(`an entry of this log cannot be read: ${read.code}`);
    noteEvent(found, read.value.event);
  }
  return [...found.values()];
}
