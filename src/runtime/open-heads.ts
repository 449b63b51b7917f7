import { join } from 'node:path';
import type { Logger } from 'pino';
import type { TenantStore } from '#application/ports/tenant-store';
import type { Config } from './config/read-config.ts';
import { startPoll } from './poll.ts';
import { rememberHeads } from './remember-heads.ts';
import type { Stores } from './stores.ts';

const EACH_SECOND = '* * * * * *';
const EACH_MINUTE = '* * * * *';

/**
 * The store over which this replica commits, which remembers the heads that it made in the data folder.
 * What was remembered before is held against the database first, so that nothing is taken, decided or
 * sent from a log that was rolled back.
 */
export async function openHeads(
  { dataDir }: Pick<Config, 'dataDir'>,
  { store, holds, alarms }: Pick<Stores, 'store' | 'holds' | 'alarms'>,
  log: Logger,
  cleanup: AsyncDisposableStack,
): Promise<TenantStore> {
  const heads = await rememberHeads(join(dataDir, 'heads'), store, { holds, alarms });
  await heads.compareAll();
  const polls = [
    {
      name: 'heads to remember',
      at: EACH_SECOND,
      look: () => heads.flush(),
      onError: (err: unknown) => log.error({ err }, 'the heads of logs could not be written'),
    },
    {
      name: 'heads remembered',
      at: EACH_MINUTE,
      look: () => heads.compareAll(),
      onError: (err: unknown) => log.warn({ err }, 'the heads of logs could not be compared'),
    },
  ].map((poll) => startPoll(poll, log));
  cleanup.defer(async () => {
    await Promise.all(polls.map((poll) => poll.stop()));
    await heads.flush();
  });
  return heads.store;
}
