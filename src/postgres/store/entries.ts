import { and, asc, desc, eq, inArray, isNull } from 'drizzle-orm';
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
  const [row] = await storedEntries({ db }).where(eq(t.logEntry.statementDigest, digest));
  if (row === undefined) return null;
  const openings = await openingsOf({ db }, [row.index]);
  return { ...storedEntry(row), openings: openings.get(row.index) ?? {} };
}

/** Those that put a policy in force, the last one first. They are of no chain, as few others are. */
export async function policyEntries(
  { db }: Transaction,
  most: number,
): Promise<readonly StoredEntry[]> {
  const rows = await storedEntries({ db })
    .where(and(isNull(t.logEntry.chainId), eq(t.logEntry.type, 'policy.applied')))
    .orderBy(desc(t.logEntry.index))
    .limit(most);
  // Nothing of them is detached.
  return rows.map((row) => ({ ...storedEntry(row), openings: {} }));
}

const storedEntries = ({ db }: Pick<Transaction, 'db'>) =>
  db
    .select({
      index: t.logEntry.index,
      size: t.logEntry.checkpointSize,
      statement: t.logEntry.statement,
      root: t.logCheckpoint.root,
    })
    .from(t.logEntry)
    .innerJoin(t.logCheckpoint, eq(t.logCheckpoint.size, t.logEntry.checkpointSize));

type StoredRow = Awaited<ReturnType<typeof storedEntries>>[number];

const storedEntry = ({
  index,
  size,
  statement,
  root,
}: StoredRow): Omit<StoredEntry, 'openings'> => ({
  receipt: { index, size, root: base64(root) },
  statement,
});

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
