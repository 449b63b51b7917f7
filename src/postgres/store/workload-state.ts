import { desc, eq } from 'drizzle-orm';
import type { LastAttested, WorkloadState } from '#application/ports/workload';
import { readStatement } from '#ledger/read-statement';
import * as t from '../schema.ts';
import type { Transaction } from '../transaction.ts';
import { TenantUnknown } from './tenant-unknown.ts';

/** The log's head as its newest checkpoint has it, and the newest entry of the workload. */
export async function workloadState({ db }: Transaction): Promise<WorkloadState> {
  const [head] = await db
    .select({ size: t.logCheckpoint.size, root: t.logCheckpoint.root })
    .from(t.logCheckpoint)
    .orderBy(desc(t.logCheckpoint.size))
    .limit(1);
  if (head === undefined) throw new TenantUnknown('this tenant has no log');
  const [entry] = await db
    .select({ index: t.logEntry.index, statement: t.logEntry.statement })
    .from(t.logEntry)
    .where(eq(t.logEntry.type, 'workload.attested'))
    .orderBy(desc(t.logEntry.index))
    .limit(1);
  return { ...head, last: entry === undefined ? null : lastAttested(entry) };
}

function lastAttested({
  index,
  statement,
}: {
  index: number;
  statement: Uint8Array;
}): LastAttested {
  const read = readStatement(statement);
  if (!read.ok || read.value.event.type !== 'workload.attested')
    throw new RangeError(`entry ${index} is not what its row says`);
  const { at, logKey, serviceKey } = read.value.event;
  return { index, at, logKey, serviceKey };
}
