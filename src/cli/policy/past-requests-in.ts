import { pastRequest, type PastRequest } from '#application/policy/changes/past-requests';
import { readExport } from '#ledger/export/read-export';
import { readStatement } from '#ledger/read-statement';
import { knownTenant } from '../known-tenant.ts';
import { openExport } from '../opened-export.ts';
import { withStores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';

/**
 * The requests of the last `lastMs` of an export, up to when it was written. Nothing of it is
 * verified: that is what `audit verify` does.
 *
 * @throws UsageError where it cannot be read.
 */
export async function requestsInExport(
  file: string,
  lastMs: number,
): Promise<readonly PastRequest[]> {
  const found: PastRequest[] = [];
  let until = 0;
  const { lines } = await openExport(file);
  for await (const readings of readExport(lines(() => undefined)))
    for (const reading of readings) {
      if (!reading.ok)
        throw new UsageError(
          `${file}:${reading.fault.line}: this is no export that can be read (${reading.fault.code}).`,
        );
      const { record } = reading;
      if (record.kind === 'header') until = record.header.exportedAt;
      if (record.kind === 'entry') found.push(...requestIn(record.entry.statement));
    }
  return found.filter(({ at }) => at > until - lastMs);
}

/** The same from the database that the environment names. */
export async function requestsOf(name: string, lastMs: number): Promise<readonly PastRequest[]> {
  return withStores(process.env, async (stores) => {
    const tenant = await knownTenant(stores, name);
    const now = await stores.statistics.now(tenant);
    const found: PastRequest[] = [];
    for await (const statement of stores.statistics.entriesSince(tenant, now - lastMs))
      found.push(...requestIn(statement));
    return found;
  });
}

function requestIn(statement: Uint8Array): readonly PastRequest[] {
  const read = readStatement(statement);
  if (!read.ok) throw new UsageError(`an entry of this log cannot be read: ${read.code}`);
  const request = pastRequest(read.value.event);
  return request === null ? [] : [request];
}
