import type { Pool } from 'pg';
import { pino } from 'pino';
import { QUEUES, type JobPayload, type Queue } from '#application/ports/queues';
import type { Jobs, TriedJob } from '#postgres/jobs';
import { startWorkers, type WorkerPorts } from '#runtime/workers';

export interface StoredJob {
  readonly id: string;
  readonly queue: Queue;
  readonly data: JobPayload;
}

/**
 * The queue as a worker sees it, one job at a time and in a fixed order, so that the caller says who
 * takes which job when. A job that is to come later may be taken at once: its handler must bear that.
 */
export class StoredJobs {
  readonly #pool: Pool;
  readonly #tenants: readonly string[];

  constructor(pool: Pool, tenants: readonly string[]) {
    this.#pool = pool;
    this.#tenants = tenants;
  }

  async count(): Promise<number> {
    await this.#pool.query(UNPAGED, [this.#tenants]);
    const { rows } = await this.#pool.query<{ count: number }>(COUNT, [this.#tenants]);
    return rows[0]?.count ?? 0;
  }

  /** Takes the job at this place among those that wait, counted around; `null` without any. */
  async take(which: number | 'newest press'): Promise<StoredJob | null> {
    await this.#pool.query(UNPAGED, [this.#tenants]);
    const { rows } = await this.#pool.query<StoredJob>(WAITING, [this.#tenants]);
    const job =
      which === 'newest press'
        ? rows.findLast((one) => one.queue === 'press')
        : rows[which % Math.max(1, rows.length)];
    if (job === undefined) return null;
    await this.#pool.query(`UPDATE pgboss.job SET state = 'active' WHERE id = $1`, [job.id]);
    return job;
  }

  /** Its handler resolved. */
  async done({ id }: StoredJob): Promise<void> {
    await this.#pool.query(`UPDATE pgboss.job SET state = 'completed' WHERE id = $1`, [id]);
  }

  /** Its handler rejected, or its worker was killed and the heartbeats stopped. */
  async again({ id }: StoredJob): Promise<void> {
    await this.#pool.query(`UPDATE pgboss.job SET state = 'retry' WHERE id = $1`, [id]);
  }
}

const MINE = `data->>'tenant' = ANY($1) AND state < 'active' AND name NOT LIKE '%.dead'`;
// No tenant of a history has these ways: their jobs find nothing to do, and would crowd out the others.
const UNPAGED = `
  UPDATE pgboss.job SET state = 'completed'
  WHERE ${MINE} AND name IN ('page-pagerduty', 'page-mail')`;
const COUNT = `SELECT count(*)::int AS count FROM pgboss.job WHERE ${MINE}`;
// Ids are random: what a surface is tells which comes first, so that a seed gives the same run.
const WAITING = `
  SELECT id, name AS queue, data FROM pgboss.job j
  WHERE ${MINE}
  ORDER BY created_on, name, data->>'kind', (
    SELECT kind || recipient_key FROM app.surface
    WHERE j.name = 'surface' AND surface_id::text = j.data->>'id'), id`;

/** Runs a job as the service's own workers do. */
export async function runJob(ports: WorkerPorts, jobs: Jobs, job: StoredJob): Promise<void> {
  const handlers = new Map<string, (job: TriedJob<object>) => Promise<void>>();
  const collecting: Jobs = {
    ...jobs,
    work: async (queue, _options, handler) =>
      void handlers.set(queue, (one) => handler(one as Parameters<typeof handler>[0])),
  };
  await startWorkers(ports, collecting, pino({ level: 'silent' }));
  if (handlers.size !== QUEUES.length) throw new RangeError('a queue has no handler');
  const { id, queue, data } = job;
  await handlers.get(queue)?.({ id, name: queue, data, isLastTry: false } as TriedJob<object>);
}
