import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Jobs } from '#postgres/jobs';
import type { openStores } from '#runtime/stores';
import { UsageError } from './report-failure.ts';

export type Stores = Awaited<ReturnType<typeof openStores>>;

/** Loaded by who opens them: half of a command's start is reading the modules of the database. */
async function loadDatabase() {
  const [{ createPool }, { parseKeyRing }, { openStores }] = await Promise.all([
    import('#postgres/connection'),
    import('#postgres/key-ring'),
    import('#runtime/stores'),
  ]);
  return { createPool, parseKeyRing, openStores };
}

/** A command beside a running service adds no jobs. */
const refused = () => Promise.reject(new TypeError('this command adds no jobs'));
const noJobs = { sendIn: refused, sendAllIn: refused };

/**
 * Runs `work` on the stores that the environment names: DATABASE_URL with BREAKGLASS_KEK, or the
 * embedded database of BREAKGLASS_DATA_DIR, beside a running service or alone.
 *
 * @throws UsageError, EmbeddedPostgresError, EnvelopeError
 */
export async function withStores<T>(
  env: Readonly<Record<string, string | undefined>>,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  await using cleanup = new AsyncDisposableStack();
  return await work(await opened(env, () => Promise.resolve(noJobs), cleanup));
}

/**
 * The same for work whose commits leave jobs, which a running service does. Where none runs they wait
 * for it.
 *
 * @throws UsageError, EmbeddedPostgresError, EnvelopeError
 */
export async function withStoresAndJobs<T>(
  env: Readonly<Record<string, string | undefined>>,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  await using cleanup = new AsyncDisposableStack();
  return await work(await opened(env, (url) => openWithQueues(url, cleanup), cleanup));
}

/** A command can be the first of its version that adds a job, before any service made its queue. */
async function openWithQueues(url: string, cleanup: AsyncDisposableStack): Promise<Jobs> {
  const jobs = await openJobs(url, cleanup);
  const { ensureQueues } = await import('#runtime/workers');
  await ensureQueues(jobs);
  return jobs;
}

async function opened(
  env: Readonly<Record<string, string | undefined>>,
  jobsOf: (url: string) => Promise<Pick<Jobs, 'sendIn' | 'sendAllIn'>>,
  cleanup: AsyncDisposableStack,
): Promise<Stores> {
  const dataDir = resolve(env['BREAKGLASS_DATA_DIR'] ?? '.breakglass');
  const databaseUrl = env['DATABASE_URL'] ?? null;
  const kek = env['BREAKGLASS_KEK'];
  if (databaseUrl !== null && kek === undefined)
    throw new UsageError('Set BREAKGLASS_KEK to the key that the service runs with.');
  const { createPool, parseKeyRing, openStores } = await loadDatabase();
  const url = databaseUrl ?? (await embeddedUrl(dataDir, cleanup));
  // What an idle connection says on its way out is of no use to a command that is about to end.
  const pool = createPool(url);
  cleanup.defer(() => pool.end());
  const keyRing = kek === undefined ? null : parseKeyRing(kek);
  return openStores({ dataDir }, { keyRing }, { pool, jobs: await jobsOf(url) });
}

/**
 * Runs `work` on the queues of the same database. Beside a running service nothing is taken from it:
 * whatever is put back there, one of its replicas does.
 *
 * @throws UsageError, EmbeddedPostgresError
 */
export async function withJobs<T>(
  env: Readonly<Record<string, string | undefined>>,
  work: (jobs: Jobs) => Promise<T>,
): Promise<T> {
  await using cleanup = new AsyncDisposableStack();
  const dataDir = resolve(env['BREAKGLASS_DATA_DIR'] ?? '.breakglass');
  const url = env['DATABASE_URL'] ?? (await embeddedUrl(dataDir, cleanup));
  return await work(await openJobs(url, cleanup));
}

/** What goes wrong in the background is thrown at the end, when `cleanup` ends it. */
async function openJobs(url: string, cleanup: AsyncDisposableStack): Promise<Jobs> {
  const { startJobs } = await import('#postgres/jobs');
  let lost: Error | null = null;
  const jobs = await startJobs(url, { max: 1, onError: (error) => (lost = error) });
  cleanup.defer(async () => {
    await jobs.stop(0);
    if (lost !== null) throw lost;
  });
  return jobs;
}

async function embeddedUrl(dataDir: string, cleanup: AsyncDisposableStack): Promise<string> {
  const isThere = ['postgres', 'postgres.location'].some((name) => existsSync(join(dataDir, name)));
  if (!isThere)
    throw new UsageError(
      `There is no data in ${dataDir}. Start the service once, or set BREAKGLASS_DATA_DIR.`,
    );
  const { runningServerUrl } = await import('#postgres/embedded/running-server-url');
  const running = await runningServerUrl(dataDir);
  if (running !== null) return running;
  const { startEmbeddedPostgres } = await import('#postgres/embedded/start-embedded-postgres');
  const server = await startEmbeddedPostgres({ dataDir });
  cleanup.defer(() => server.stop());
  return server.url;
}
