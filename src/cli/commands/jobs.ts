import { Argument, Command } from 'commander';
import { QUEUES, type Queue } from '#application/ports/queues';
import type { QueueReport } from '#postgres/inspect/inspect-jobs';
import { counted } from '#ledger/verify/counted';
import { withJobs, withStores } from '../open-stores.ts';

/** `breakglass jobs list | retry`. */
export function jobsCommands(): Command {
  const jobs = new Command('jobs').description(
    'Jobs: see what waits or was given up, bring it back.',
  );
  jobs
    .command('list')
    .description('Show each queue that has jobs. Exit code 1 if any were given up.')
    .action(async () => {
      const queues = await withStores(process.env, ({ inspection }) => inspection.jobs(QUEUES));
      process.stdout.write(tableOf(queues));
      if (queues.some(({ dead }) => dead > 0)) process.exitCode = 1;
    });
  jobs
    .command('retry')
    .description(
      'Have the jobs of a queue that were given up tried again. A running service does them.',
    )
    .addArgument(new Argument('<queue>', 'as jobs list names it').choices(QUEUES))
    .action(async (queue: Queue) => {
      const count = await withJobs(process.env, (one) => one.redrive(queue));
      const said = count === 0 ? 'None were given up' : `${counted(count, 'job')} put back`;
      process.stdout.write(`${said} in ${queue}.\n`);
    });
  return jobs;
}

function tableOf(queues: readonly QueueReport[]): string {
  const used = queues.filter(({ due, later, active, dead }) => due + later + active + dead > 0);
  if (used.length === 0) return 'No job waits, and none was given up.\n';
  const heads = ['queue', 'due', 'for', 'later', 'active', 'given up'];
  const rows = used.map(({ queue, due, oldestDueMs, later, active, dead }) => [
    queue,
    String(due),
    due === 0 ? '-' : `${Math.ceil(oldestDueMs / 1_000)} s`,
    String(later),
    String(active),
    String(dead),
  ]);
  const widths = heads.map((head, at) =>
    Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  return [heads, ...rows]
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
