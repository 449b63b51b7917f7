import { pino } from 'pino';
import type { JobPayload, Queue } from '#application/ports/queues';
import type { Jobs } from '#postgres/jobs';
import { startWorkers, type WorkerPorts } from '#runtime/workers';

export type Handled = 'done' | `failed: ${string}`;

/**
 * The handlers of all queues as the service registers them, to be called one by one; a job is at its
 * last try. Gives `done`, or the name and code of what was thrown.
 */
export async function jobHandlers(
  ports: WorkerPorts,
): Promise<ReadonlyMap<string, (payload: JobPayload) => Promise<Handled>>> {
  const handlers = new Map<string, (payload: JobPayload) => Promise<Handled>>();
  const work: Jobs['work'] = async (queue, _options, handler) => {
    handlers.set(queue, async (data) => {
      // Of the shape that the queue hands over; handlers read no more of it.
      const job = { id: `job-${queue}`, data, isLastTry: true } as Parameters<typeof handler>[0];
      try {
        await handler(job);
        return 'done';
      } catch (error) {
        return `failed: ${error instanceof Error ? error.message : 'no error'}`;
      }
    });
  };
  await startWorkers(ports, { work }, pino({ level: 'silent' }));
  return handlers;
}

/** What a job may say beside its id, for each queue: a new queue does not compile without. */
export const JOB_KINDS: Readonly<Record<Queue, readonly (string | undefined)[]>> = {
  press: [undefined],
  surface: [undefined],
  copy: [undefined],
  note: [undefined],
  thread: [undefined, 'expiring', 'drill-report'],
  home: [undefined],
  page: ['asked', 'escalated'],
  'page-pagerduty': ['asked', 'resolved'],
  'page-mail': ['asked'],
  'read-back': [undefined, 'image-policy'],
  gate: [undefined],
  revert: ['run-1#1'],
  provenance: [undefined],
  'gate-delivery': [undefined],
  attest: [undefined],
  checkpoint: [undefined],
  'send-checkpoint': ['channel', 'mail', 'witness'],
  alarm: [undefined],
  digest: ['2026-11-16'],
  policy: [`sha256:${'0'.repeat(64)}`],
  event: [undefined],
  installation: ['installed', 'suspect'],
  'review-issue': [undefined],
};
