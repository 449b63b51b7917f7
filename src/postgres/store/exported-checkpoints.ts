import { asc, eq, lt, lte, max } from 'drizzle-orm';
import { withCosignatures } from '#ledger/cosignature';
import type { ExportedCheckpoint } from '#ledger/export/format';
import * as t from '../schema.ts';
import { cosignature } from '../tables/checkpoints.ts';
import type { Transaction } from '../transaction.ts';

/** A log's checkpoint of this size, with the lines of its witnesses; `null` if none was signed. */
export async function checkpointNote(
  { db }: Pick<Transaction, 'db'>,
  size: number,
): Promise<string | null> {
  const [row] = await db.select().from(t.logCheckpoint).where(eq(t.logCheckpoint.size, size));
  if (row === undefined) return null;
  const lines = await db
    .select({ line: cosignature.line })
    .from(cosignature)
    .where(eq(cosignature.size, size))
    .orderBy(asc(cosignature.name), asc(cosignature.keyId));
  return withCosignatures(
    row.note,
    lines.map(({ line }) => line),
  );
}

/** The checkpoints that stand between the entries of an export of this size, by their size. */
export async function checkpointsBetween(
  transaction: Pick<Transaction, 'db'>,
  logSize: number,
): Promise<readonly ExportedCheckpoint[]> {
  const wanted = new Set([
    ...(await atRotations(transaction)),
    ...(await cosigned(transaction, logSize)),
  ]);
  const found: ExportedCheckpoint[] = [];
  for (const size of [...wanted].toSorted((a, b) => a - b)) {
    const note = size < logSize ? await checkpointNote(transaction, size) : null;
    if (note !== null) found.push({ size, note });
  }
  return found;
}

/** The last one that a log key signed before it was replaced: the one that both keys signed. */
async function atRotations({ db }: Pick<Transaction, 'db'>): Promise<readonly number[]> {
  const [head] = await db.select({ key: t.logHead.logKey }).from(t.logHead);
  if (head === undefined || head.key === 1) return [];
  const rows = await db
    .select({ size: max(t.logCheckpoint.size) })
    .from(t.logCheckpoint)
    .where(lt(t.logCheckpoint.logKey, head.key))
    .groupBy(t.logCheckpoint.logKey);
  return rows.flatMap(({ size }) => size ?? []);
}

/** The first one behind each entry that names a provider's keys, and the newest. */
async function cosigned(
  { db }: Pick<Transaction, 'db'>,
  logSize: number,
): Promise<readonly number[]> {
  const rows = await db
    .selectDistinct({ size: cosignature.size })
    .from(cosignature)
    .where(lte(cosignature.size, logSize))
    .orderBy(asc(cosignature.size));
  const sizes = rows.map(({ size }) => size);
  const newest = sizes.at(-1);
  if (newest === undefined) return [];
  const entries = await db
    .select({ index: t.logEntry.index })
    .from(t.logEntry)
    .where(eq(t.logEntry.type, 'provider.keys'));
  const first = entries.flatMap(({ index }) => sizes.find((size) => size > index) ?? []);
  return [...first, newest];
}
