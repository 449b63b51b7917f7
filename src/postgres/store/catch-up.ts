import { and, isNotNull, isNull, lt, or } from 'drizzle-orm';
import type { TenantId } from '#domain/ids';
import type { Queue } from '#application/ports/queues';
import type { Jobs } from '../jobs.ts';
import { alarm } from '../tables/checkpoints.ts';
import { question } from '../tables/claims.ts';
import { home } from '../tables/home.ts';
import { note, surface, surfaceCopy } from '../tables/surfaces.ts';
import type { Transaction } from '../transaction.ts';

/**
 * A job for each thing of the tenant's that Slack was to show and does not yet. What has a job already
 * gets a second one, which finds nothing to do.
 */
export async function catchUp(
  transaction: Transaction,
  jobs: Pick<Jobs, 'sendAllIn'>,
  tenant: TenantId,
): Promise<void> {
  const { db } = transaction;
  const send = async (queue: Queue, rows: readonly { readonly id: string }[]): Promise<void> => {
    if (rows.length === 0) return;
    await jobs.sendAllIn(
      transaction,
      queue,
      rows.map(({ id }) => ({ tenant, id })),
    );
  };
  const behind = lt(surface.shown, surface.wanted);
  await send('surface', await db.select({ id: surface.surfaceId }).from(surface).where(behind));
  const behindHome = lt(home.shown, home.wanted);
  await send('home', await db.select({ id: home.homeId }).from(home).where(behindHome));
  await send('copy', await db.select({ id: surfaceCopy.copyId }).from(surfaceCopy));
  const untold = isNull(note.toldAt);
  await send('note', await db.select({ id: note.noteId }).from(note).where(untold));
  const unsaid = isNotNull(question.text);
  await send('thread', await db.select({ id: question.questionId }).from(question).where(unsaid));
  const untoldAlarm = or(
    and(isNull(alarm.clearedAt), isNull(alarm.toldAt)),
    and(isNotNull(alarm.clearedAt), isNull(alarm.clearingToldAt)),
  );
  await send('alarm', await db.select({ id: alarm.alarmId }).from(alarm).where(untoldAlarm));
}
