import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { readPostmaster } from './postmaster-file.ts';
import { isAlive } from './processes.ts';

const fastMs = 30_000;
const immediateMs = 10_000;
const pollMs = 10;

/**
 * Ends the server: a fast shutdown (SIGINT: connections are cut, data is written out), and where
 * that hangs an immediate one (SIGQUIT), from which the next start recovers. Gives when it is gone.
 */
export async function shutDown(data: string, pid: number, immediate: boolean): Promise<void> {
  if (!immediate && (await signalled(data, pid, 'SIGINT', fastMs))) return;
  if (await signalled(data, pid, 'SIGQUIT', immediateMs)) return;
  throw new EmbeddedPostgresError(
    'stop_failed',
    `PostgreSQL (process ${pid}) on ${data} does not stop. Kill it before the next start.`,
  );
}

async function signalled(
  data: string,
  pid: number,
  signal: NodeJS.Signals,
  waitMs: number,
): Promise<boolean> {
  if (!(await isServer(data, pid))) return true;
  process.kill(pid, signal);
  const deadline = Date.now() + waitMs;
  while (Date.now() < deadline) {
    if (!(await isServer(data, pid))) return true;
    await sleep(pollMs);
  }
  return false;
}

/** The pid file goes last; and a pid that is no longer in it may be somebody else's. */
async function isServer(data: string, pid: number): Promise<boolean> {
  const found = await readPostmaster(data);
  return found?.pid === pid && (await isAlive(pid));
}
