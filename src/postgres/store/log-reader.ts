import { and, asc, between, gte, lt } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { ExportedEntry, LogReader } from '#application/ports/log-reader';
import type { DigestText, TenantId } from '#domain/ids';
import type { JsonValue } from '#ledger/canonical-json';
import * as t from '../schema.ts';
import { withTenant, type Transaction } from '../transaction.ts';
import { checkpointNote, exportedCheckpoints } from './exported-checkpoints.ts';
import { TenantUnknown } from './tenant-unknown.ts';

const PAGE = 1_000;

/** The log never changes behind its head, so pages may be read in transactions of their own. */
export function logReader(pool: Pool): LogReader {
  return {
    snapshot: (tenant) =>
      withTenant(pool, tenant, 'breakglass_app', async (transaction) => {
        const { db } = transaction;
        const [head] = await db.select().from(t.logHead);
        if (head === undefined) throw new TenantUnknown('this tenant has no log');
        const { origin, size } = head;
        const policies = await db.select().from(t.policy);
        return {
          origin,
          size,
          checkpoint: (await checkpointNote(transaction, size)) ?? '',
          checkpoints: await exportedCheckpoints(transaction, size),
          policies: policies.map(({ digest, content }) => ({
            digest: digest as DigestText,
            content: content as JsonValue,
          })),
          entries: () => entries(pool, tenant, size),
        };
      }),
  };
}

async function* entries(pool: Pool, tenant: TenantId, size: number): AsyncGenerator<ExportedEntry> {
  for (let from = 0; from < size; from += PAGE)
    yield* await withTenant(pool, tenant, 'breakglass_app', (transaction) =>
      page(transaction, from, Math.min(from + PAGE, size)),
    );
}

async function page(
  { db }: Transaction,
  from: number,
  to: number,
): Promise<readonly ExportedEntry[]> {
  const rows = await db
    .select()
    .from(t.logEntry)
    .where(and(gte(t.logEntry.index, from), lt(t.logEntry.index, to)))
    .orderBy(asc(t.logEntry.index));
  const opened = await db
    .select()
    .from(t.logOpening)
    .where(between(t.logOpening.index, from, to - 1));
  return rows.map(({ index, statement, envelope }) => ({
    index,
    statement,
    envelope: JSON.parse(envelope) as JsonValue,
    openings: Object.fromEntries(
      opened
        .filter((one) => one.index === index)
        .map(({ name, salt, value }) => [name, { salt, value }]),
    ),
  }));
}
