import { asc, eq, inArray } from 'drizzle-orm';
import type { StoredEntry } from '#application/ports/provenance';
import type { EntryRow } from '#application/ports/tenant-store';
import type { BypassId, ChainId } from '#domain/ids';
import { base64, type Digest } from '#ledger/digest';
import * as t from '../schema.ts';
import type { Transaction } from '../transaction.ts';

/** The entries of a chain in log order, each with the values that were not erased and its receipt. */
export async function entriesOf({ db }: Transaction, chain: ChainId): Promise<readonly EntryRow[]> {
  const rows = await db
    .select({ entry: t.logEntry, root: t.logCheckpoint.root })
    .from(t.logEntry)
    .innerJoin(t.logCheckpoint, eq(t.logCheckpoint.size, t.logEntry.checkpointSize))
    .where(eq(t.logEntry.chainId, chain))
    .orderBy(asc(t.logEntry.index));
  const openings = await openingsOf(
    { db },
    rows.map(({ entry }) => entry.index),
  );
  return rows.map(({ entry, root }) => ({
    index: entry.index,
    type: entry.type,
    bypass: entry.bypassId as BypassId | null,
    digest: entry.statementDigest as Digest,
    statement: entry.statement,
    receipt: { index: entry.index, size: entry.checkpointSize, root: base64(root) },
    openings: openings.get(entry.index) ?? {},
  }));
}

/** One entry, by the digest of its statement; `null` if there is none such. */
export async function entryOf({ db }: Transaction, digest: Digest): Promise<StoredEntry | null> {
  const [row] = await db
    .select({ index: t.logEntry.index, statement: t.logEntry.statement })
    .from(t.logEntry)
    .where(eq(t.logEntry.statementDigest, digest));
  if (row === undefined) return null;
  const openings = await openingsOf({ db }, [row.index]);
  return { statement: row.statement, openings: openings.get(row.index) ?? {} };
}

async function openingsOf(
  { db }: Pick<Transaction, 'db'>,
  indices: readonly number[],
): Promise<ReadonlyMap<number, Record<string, string>>> {
  const found = new Map<number, Record<string, string>>();
  if (indices.length === 0) return found;
  const rows = await db
    .select()
    .from(t.logOpening)
    .where(inArray(t.logOpening.index, [...indices]));
  for (const { index, name, value } of rows)
    found.set(index, { ...found.get(index), [name]: value });
  return found;
}
