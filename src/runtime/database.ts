import type { Logger } from 'pino';
import { createPool } from '#postgres/connection';
import { startEmbeddedPostgres } from '#postgres/embedded/start-embedded-postgres';
import { startJobs, type Jobs } from '#postgres/jobs';
import { migrate } from '#postgres/migrate';
import type { Pool } from 'pg';
import type { Config, Secrets } from './config/read-config.ts';
import { UNTRACED, type Tracing } from './observe/tracing.ts';

export interface Database {
  readonly url: string;
  readonly pool: Pool;
  readonly jobs: Jobs;
}

/** Connections for commits and questions: enough to queue on a tenant's lock without starving reads. */
const MOST_CONNECTIONS = 20;

/** The database, migrated, with its jobs. What was opened is given back through `cleanup`. */
export async function openDatabase(
  config: Config,
  secrets: Secrets,
  log: Logger,
  cleanup: AsyncDisposableStack,
  tracing: Pick<Tracing, 'traceparent'> = UNTRACED,
): Promise<Database> {
  const url = secrets.databaseUrl ?? (await embedded(config, log, cleanup));
  const { applied, unknown } = await migrate(url, { log: (message) => log.info(message) });
  if (applied.length > 0) log.info({ applied }, 'the database was migrated');
  if (unknown.length > 0) log.warn({ unknown }, 'the database is newer than this version');
  const state = { stopping: false };
  const pool = createPool(url, {
    max: MOST_CONNECTIONS,
    // Nothing here needs to see past row-level security, and questions of gates must not.
    role: 'breakglass_app',
    onConnectionError: ({ message }) => {
      // The embedded server ends its connections with it.
      if (!state.stopping) log.warn({ reason: message }, 'a database connection was lost');
    },
  });
  cleanup.defer(() => {
    state.stopping = true;
    return pool.end();
  });
  const jobs = await startJobs(url, {
    onError: (err) => log.error({ err }, 'a job went wrong'),
    traceparent: tracing.traceparent,
  });
  // A start that fails further on must not leave its timers: they would keep the process alive.
  cleanup.defer(() => jobs.stop(0));
  return { url, pool, jobs };
}

async function embedded(
  config: Config,
  log: Logger,
  cleanup: AsyncDisposableStack,
): Promise<string> {
  const server = await startEmbeddedPostgres({
    dataDir: config.dataDir,
    log: (message) => log.info(message),
  });
  cleanup.defer(() => server.stop());
  return server.url;
}
