import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Lets the processes that tests start share what Node compiled: most of a start is reading modules.
 * The folder is this run's own, since whoever can write to such a cache can run code.
 */
export default async function shareCompiled(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'compiled-'));
  process.env['NODE_COMPILE_CACHE'] ??= folder;
  // A process that ends at this moment may still be writing to it.
  return () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
