import type { Pool } from 'pg';
import { withoutTenant } from '../transaction.ts';
import { deadLetterQueue } from '../jobs.ts';

/** The jobs of one queue that are not done. */
export interface QueueReport {
  readonly queue: string;
  /** To be tried now, whoever has time. */
  readonly due: number;
  /** Put off, by a Retry-After or after a failure. */
  readonly later: number;
  readonly active: number;
  /** Given up: nobody tries them again unasked. */
  readonly dead: number;
  /** How long the oldest of those that are due has waited. */
  readonly oldestDueMs: number;
}

/** What each of `queues` holds. Names and counts: what a job is about stays where it is. */
export async function inspectJobs(
  pool: Pool,
  queues: readonly string[],
): Promise<readonly QueueReport[]> {
  const dead = queues.map(deadLetterQueue);
  const rows = await withoutTenant(pool, 'breakglass_jobs', async ({ client }) => {
    const found = await client.query<{ name: string } & Omit<QueueReport, 'queue' | 'dead'>>(
      `SELECT name,
              count(*) FILTER (WHERE state < 'active' AND start_after <= now())::int AS due,
              count(*) FILTER (WHERE state < 'active' AND start_after > now())::int AS later,
              count(*) FILTER (WHERE state = 'active')::int AS active,
              coalesce(extract(epoch FROM now() - min(start_after)
                FILTER (WHERE state < 'active' AND start_after <= now())) * 1000, 0)::float8
                AS "oldestDueMs"
         FROM pgboss.job WHERE state <= 'active' AND name = ANY ($1) GROUP BY name`,
      [[...queues, ...dead]],
    );
    return new Map(found.rows.map((row) => [row.name, row]));
  });
  return queues.map((queue) => {
    const { due = 0, later = 0, active = 0, oldestDueMs = 0 } = rows.get(queue) ?? {};
    const lost = rows.get(deadLetterQueue(queue));
    return {
      queue,
      due,
      later,
      active,
      oldestDueMs: Math.max(0, Math.round(oldestDueMs)),
      dead: (lost?.due ?? 0) + (lost?.later ?? 0),
    };
  });
}
