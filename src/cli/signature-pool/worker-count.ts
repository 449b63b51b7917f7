import { availableParallelism } from 'node:os';

/** Below it, a thread would not have started when all is read. */
const WORTHWHILE_BYTES = 1024 * 1024;

/**
 * How many threads check signatures: as many as were asked for, else one for each core, and none
 * on a machine of one core or for an export that is soon read. None means: in this thread.
 */
export function workerCount(asked: number | undefined, exportBytes: number | undefined): number {
  if (asked !== undefined) return asked;
  const cores = availableParallelism();
  return cores === 1 || (exportBytes ?? Infinity) < WORTHWHILE_BYTES ? 0 : cores;
}
