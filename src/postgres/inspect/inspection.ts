import { asc, isNull } from 'drizzle-orm';
import type { Pool } from 'pg';
import type { AlarmNotice } from '#application/ports/alarm';
import type { TenantId } from '#domain/ids';
import { noticeOf } from '../store/alarm-store.ts';
import * as t from '../tables/checkpoints.ts';
import { withTenant } from '../transaction.ts';
import { inspectDatabase, type DatabaseReport } from './inspect-database.ts';
import { inspectJobs, type QueueReport } from './inspect-jobs.ts';

/** Looks at a database as a doctor does: changes nothing, and tells no row of a tenant but alarms. */
export interface Inspection {
  database(): Promise<DatabaseReport>;
  jobs(queues: readonly string[]): Promise<readonly QueueReport[]>;
  /** What stands, the oldest first. */
  alarms(tenant: TenantId): Promise<readonly AlarmNotice[]>;
}

/** @param now this machine's clock, in epoch milliseconds. */
export function inspection(pool: Pool, now: () => number = Date.now): Inspection {
  return {
    database: () => inspectDatabase(pool, now),
    jobs: (queues) => inspectJobs(pool, queues),
    alarms: (tenant) =>
      withTenant(pool, tenant, 'breakglass_app', async ({ db }) => {
        const standing = db.select().from(t.alarm).where(isNull(t.alarm.clearedAt));
        return (await standing.orderBy(asc(t.alarm.raisedAt))).map(noticeOf);
      }),
  };
}
