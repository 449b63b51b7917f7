import type { QueueReport } from '#postgres/inspect/inspect-jobs';
import { counted } from '#ledger/verify/counted';
import { about, type Finding } from './finding.ts';

/** Somebody works off what is due within seconds; after this long, nobody does. */
const STUCK_MS = 60_000;

/** Whether jobs are done, and whether any were given up. */
export function jobFindings(queues: readonly QueueReport[]): readonly Finding[] {
  const { ok, warning, failed } = about('jobs');
  const found: Finding[] = [];
  const dead = queues.filter((one) => one.dead > 0);
  if (dead.length > 0)
    found.push(
      failed(
        `Given up: ${dead.map((one) => `${one.dead} of ${one.queue}`).join(', ')}. A message or an entry is missing.`,
        "Find out why (the service's log names each), mend it, then: breakglass jobs retry <queue>.",
      ),
    );
  const stuck = queues.filter((one) => one.oldestDueMs > STUCK_MS);
  if (stuck.length > 0)
    found.push(
      warning(
        `Due and not taken: ${stuck.map((one) => `${one.queue} for ${Math.round(one.oldestDueMs / 1_000)} s`).join(', ')}.`,
        'See that a replica runs, and what its log says.',
      ),
    );
  if (found.length > 0) return found;
  const waiting = queues.reduce((sum, { due, later, active }) => sum + due + later + active, 0);
  return [ok(waiting === 0 ? 'None wait.' : `${counted(waiting, 'job')} under way or put off.`)];
}
