import type { Pool } from 'pg';
import type { Measurements } from '#application/ports/measurements';
import { QUEUES } from '#application/ports/queues';
import { deadLetterQueue } from '../jobs.ts';
import { withoutTenant } from '../transaction.ts';

/** Reads what the database holds, over all tenants: sums and ages, and nothing of any one of them. */
export function measurements(pool: Pool): () => Promise<Measurements> {
  return () =>
    withoutTenant(pool, 'breakglass_jobs', async ({ client }) => {
      const [totals, queues, alarms] = [
        await client.query<Totals>({ name: 'measure-totals', text: TOTALS }),
        await client.query<QueueCounts>({
          name: 'measure-queues',
          text: QUEUES_NOW,
          values: NAMES,
        }),
        await client.query<AlarmCount>({ name: 'measure-alarms', text: ALARMS }),
      ];
      const [total] = totals.rows;
      if (total === undefined) throw new RangeError('a query of sums gives one row');
      return { ...total, queues: queues.rows, alarms: alarms.rows };
    });
}

type Totals = Omit<Measurements, 'queues' | 'alarms'>;
type QueueCounts = Measurements['queues'][number];
type AlarmCount = Measurements['alarms'][number];

const NAMES = [[...QUEUES], QUEUES.map(deadLetterQueue)];

// A checkpoint is owed by whoever's log has grown since one last left: its age is that of the newest
// that did. Of a log of which none ever left, only that it is owed is known.
const TOTALS = `
  SELECT open.active, open.unclosed, open.waiting, late.overdue, late."overdueS",
      log.entries, log.tenants, owed."checkpointsNeverSent", owed."checkpointAgeS",
      failing.destinations, paused.pauses, provisional.provisional, provisional."provisionalS"
    FROM (SELECT
        count(*) FILTER (WHERE phase = 'active' AND expires_at > app.now())::int AS active,
        count(*) FILTER (WHERE phase = 'active' AND expires_at <= app.now())::int AS unclosed,
        count(*) FILTER (WHERE phase = 'waiting')::int AS waiting
      FROM app.bypass WHERE phase IN ('active', 'waiting') AND NOT drill) AS open,
    (SELECT count(*)::int AS overdue,
        coalesce(greatest(0, extract(epoch FROM max(app.now() - due_at))), 0)::float8 AS "overdueS"
      FROM app.deadline WHERE due_at <= app.now() AND (retry_at IS NULL OR retry_at <= app.now())
    ) AS late,
    (SELECT coalesce(sum(size), 0)::float8 AS entries, count(*)::int AS tenants
      FROM app.log_head) AS log,
    (SELECT count(*) FILTER (WHERE left_at IS NULL)::int AS "checkpointsNeverSent",
        coalesce(greatest(0, extract(epoch FROM max(app.now() - left_at))), 0)::float8
          AS "checkpointAgeS"
      FROM (SELECT max(d.sent_at) AS left_at, coalesce(max(d.sent_size), 0) AS left_size, h.size
          FROM app.log_head h LEFT JOIN app.destination d USING (tenant_id)
          GROUP BY h.tenant_id, h.size) AS each
      WHERE size > left_size) AS owed,
    (SELECT jsonb_build_object(
        'channel', count(*) FILTER (WHERE kind = 'channel'),
        'mail', count(*) FILTER (WHERE kind = 'mail'),
        'witness', count(*) FILTER (WHERE kind = 'witness')) AS destinations
      FROM app.destination WHERE failing_since IS NOT NULL) AS failing,
    (SELECT count(*)::int AS pauses FROM app.channel_pause WHERE until > app.now()) AS paused,
    (SELECT count(*)::int AS provisional,
        coalesce(greatest(0, extract(epoch FROM max(app.now() - created_on))), 0)::float8
          AS "provisionalS"
      FROM pgboss.job WHERE name IN ('attest', 'attest.dead') AND state <= 'active') AS provisional`;

// pg-boss counts every few seconds by itself, and keeps what it counted. What waits for longest is
// looked up where there is something that nobody took.
const QUEUES_NOW = `
  SELECT queue.name AS queue, queue.ready_count AS ready, queue.deferred_count AS deferred,
      queue.active_count AS active, dead.queued_count AS dead,
      coalesce(greatest(0, extract(epoch FROM oldest.waits)), 0)::float8 AS "oldestS"
    FROM unnest($1::text[], $2::text[]) AS named (name, dead)
      JOIN pgboss.queue AS queue ON queue.name = named.name
      JOIN pgboss.queue AS dead ON dead.name = named.dead
      LEFT JOIN LATERAL (SELECT now() - min(start_after) AS waits FROM pgboss.job
        WHERE job.name = queue.name AND state < 'active' AND NOT blocked AND start_after <= now()
      ) AS oldest ON queue.ready_count > 0
    ORDER BY queue.name`;

const ALARMS = `
  SELECT code, count(*)::int AS standing FROM app.alarm WHERE cleared_at IS NULL
    GROUP BY code ORDER BY code`;
