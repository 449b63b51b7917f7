import { asc, eq, lt, lte, max } from 'drizzle-orm';
import { withCosignatures } from '#ledger/cosignature';
import { checkpointsBetween } from '#ledger/export/checkpoints-between';
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
export async function exportedCheckpoints(
  transaction: Pick<Transaction, 'db'>,
  logSize: number,
): Promise<readonly ExportedCheckpoint[]> {
  const sizes = checkpointsBetween({
    logSize,
    lastOfReplacedKeys: await lastOfReplacedKeys(transaction),
    cosigned: await cosignedSizes(transaction, logSize),
    providerKeys: await providerKeysEntries(transaction),
  });
  const found: ExportedCheckpoint[] = [];
  for (const size of sizes) {
    const note = await checkpointNote(transaction, size);
    if (note !== null) found.push({ size, note });
  }
  return found;
}

async function lastOfReplacedKeys({ db }: Pick<Transaction, 'db'>): Promise<readonly number[]> {
  const [head] = await db.select({ key: t.logHead.logKey }).from(t.logHead);
  if (head === undefined || head.key === 1) return [];
  const rows = await db
    .select({ size: max(t.logCheckpoint.size) })
    .from(t.logCheckpoint)
    .where(lt(t.logCheckpoint.logKey, head.key))
    .groupBy(t.logCheckpoint.logKey);
  return rows.flatMap(({ size }) => size ?? []);
}

async function cosignedSizes(
  { db }: Pick<Transaction, 'db'>,
  logSize: number,
): Promise<readonly number[]> {
  const rows = await db
    .selectDistinct({ size: cosignature.size })
    .from(cosignature)
    .where(lte(cosignature.size, logSize))
    .orderBy(asc(cosignature.size));
  return rows.map(({ size }) => size);
}

async function providerKeysEntries({ db }: Pick<Transaction, 'db'>): Promise<readonly number[]> {
  const rows = await db
    .select({ index: t.logEntry.index })
    .from(t.logEntry)
    .where(eq(t.logEntry.type, 'provider.keys'));
  return rows.map(({ index }) => index);
}
