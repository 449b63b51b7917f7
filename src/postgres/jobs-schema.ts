import { getConstructionPlans } from 'pg-boss';

export const jobsSchema = 'pgboss';

/**
 * The text of `migrations/0002_jobs.sql`: what pg-boss would run to install itself, without its own
 * transaction, and with the rights of our roles. The migrator owns the tables; the jobs role works
 * with them; the app role can only add a job, in the transaction that has the reason for it.
 */
export function jobsMigrationSql(): string {
  const lines = getConstructionPlans(jobsSchema).split('\n');
  const body = lines.filter((line) => !ownTransaction.has(line.trim()));
  return `${heading}\n${body.join('\n').trim()}\n\n${grants}`;
}

const ownTransaction = new Set([
  'BEGIN;',
  'COMMIT;',
  'SET LOCAL lock_timeout = 30000;',
  'SET LOCAL idle_in_transaction_session_timeout = 30000;',
]);

const heading = `-- The tables of the job queue, as pg-boss makes them (getConstructionPlans), and who may use them.
-- Written by jobsMigrationSql(); a test compares it with the installed version of pg-boss.
`;

const grants = `-- Queues are rows of one shared table here, so that the jobs role can make them without owning it.
GRANT USAGE ON SCHEMA pgboss TO breakglass_app, breakglass_jobs;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgboss TO breakglass_jobs;
GRANT SELECT ON pgboss.queue TO breakglass_app;
GRANT INSERT ON pgboss.job, pgboss.job_common TO breakglass_app;
GRANT SELECT (id, start_after) ON pgboss.job, pgboss.job_common TO breakglass_app;
`;
