import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { type Postmaster, postmasterFile, readPostmaster } from './postmaster-file.ts';
import { isAlive, processesIn } from './processes.ts';

const waitMs = 60_000;
const pollMs = 20;

/**
 * The server that already runs on this data folder: one that outlived a killed process of ours, or
 * one that another process is starting. Waits until it is ready, or gone (`undefined`).
 */
export async function runningServer(data: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + waitMs;
  while (Date.now() < deadline) {
    const found = await readPostmaster(data);
    if (found === undefined) return undefined;
    const state = await stateOf(found, data);
    if (state === 'gone') return undefined;
    if (state === 'ready') return found;
    await sleep(pollMs);
  }
  throw new EmbeddedPostgresError(
    'start_failed',
    `A PostgreSQL is at work on ${data} and did not become ready in ${waitMs / 1000} s. Look at ` +
      'postgres.log beside it, then stop that process and start again.',
  );
}

async function stateOf(found: Postmaster, data: string): Promise<'ready' | 'busy' | 'gone'> {
  // PostgreSQL itself judges a pid file whose process is gone: it also looks for children left.
  if (!(await isAlive(found.pid))) return 'gone';
  const workers = await processesIn(data);
  if (workers === undefined || workers.includes(found.pid)) return found.ready ? 'ready' : 'busy';
  // Children of a killed server end by themselves; a second server beside them corrupts the data.
  if (workers.length > 0) return 'busy';
  // The pid now belongs to somebody else (after a restart of a container it often does), and
  // PostgreSQL would refuse to start for as long as that process lives.
  await rm(postmasterFile(data), { force: true });
  return 'gone';
}
