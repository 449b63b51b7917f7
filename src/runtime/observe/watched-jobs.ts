import type { JobPayload, Queue } from '#application/ports/queues';
import { withIds } from './around.ts';
import { stopwatch, type Observer } from './observer.ts';

/** A job as it is taken. */
export interface TakenJob {
  readonly id: string;
  readonly data: JobPayload;
  readonly isLastTry: boolean;
}

/** What the id in a job's payload names, where it is one of these. */
const NAMED: Readonly<Partial<Record<Queue, 'press' | 'bypass'>>> = {
  press: 'press',
  page: 'bypass',
  'page-pagerduty': 'bypass',
  'page-mail': 'bypass',
  'read-back': 'bypass',
  revert: 'bypass',
  attest: 'bypass',
};

/** Goes on with the trace of what wanted the job; whatever it logs says whose and which job it is. */
export async function watchedJob(
  { measure, tracing }: Observer,
  queue: Queue,
  { id: job, data, isLastTry }: TakenJob,
  work: () => Promise<void>,
): Promise<void> {
  const ids = { tenant: data.tenant, queue, job, [NAMED[queue] ?? 'about']: data.id };
  const seconds = stopwatch();
  try {
    const start = { name: `job ${queue}`, kind: 'consumer', ids, from: data.trace } as const;
    await withIds(ids, () => tracing.span(start, work));
    measure.worked(queue, 'done', seconds());
  } catch (error) {
    measure.worked(queue, isLastTry ? 'dead' : 'failed', seconds());
    throw error;
  }
}
