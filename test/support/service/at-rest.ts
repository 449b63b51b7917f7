import { expect, vi } from 'vitest';
import type { Queue } from '#application/ports/queues';
import { LONGEST_MS } from './installation.ts';
import { query } from './stored-log.ts';

/**
 * Waits until the service has nothing left to do, and until every card shows what is to be shown.
 * A killed worker's jobs are taken over once its heartbeats are old: they are made old here, so that
 * nobody has to wait for that.
 *
 * @param except queues whose jobs may go on being tried.
 */
export async function atRest(databaseUrl: string, except: readonly Queue[] = []): Promise<void> {
  await vi.waitFor(
    async () => {
      await ageHeartbeats(databaseUrl);
      const left = await query<{ name: Queue }>(databaseUrl, JOBS);
      expect(left.filter((one) => !except.includes(one.name))).toEqual([]);
      expect(await query(databaseUrl, SURFACES)).toEqual([]);
    },
    { timeout: 2 * LONGEST_MS, interval: 200 },
  );
}

/** Has the jobs of a killed worker taken over at once. */
export async function ageHeartbeats(databaseUrl: string): Promise<void> {
  await query(databaseUrl, AGE_HEARTBEATS);
}

/**
 * With the only process dead, what it held is free at once, not when its time is up: jobs, cards, and
 * the turn to look for jobs that nobody works at.
 */
export async function freeWhatDeadHeld(databaseUrl: string): Promise<void> {
  await query(databaseUrl, FREE);
}

/** Rows about something that the log does not know, and presses that came to nothing. */
export async function expectNoOrphans(databaseUrl: string): Promise<void> {
  expect(await query(databaseUrl, ORPHANS)).toEqual([]);
}

// A living worker renews its own twice in 10 s, and none of these jobs takes so long.
const AGE_HEARTBEATS = `
  UPDATE pgboss.job SET heartbeat_on = heartbeat_on - interval '1 minute'
  WHERE state = 'active' AND heartbeat_on < now() - interval '3 seconds'`;
const FREE = `
  UPDATE pgboss.job SET heartbeat_on = heartbeat_on - interval '1 minute' WHERE state = 'active';
  UPDATE pgboss.queue SET monitor_claim_on = monitor_claim_on - interval '1 minute';
  UPDATE app.surface SET claimed_until = claimed_until - interval '1 minute'`;
// A checkpoint waits up to a minute for its turn, whatever was done: that is no work left over.
const JOBS = `
  SELECT name, state::text, data FROM pgboss.job
  WHERE state < 'completed' AND name NOT LIKE '%.dead'
    AND (name <> 'send-checkpoint' OR state = 'active' OR start_after <= now())`;
const SURFACES = `SELECT kind FROM app.surface WHERE shown < wanted OR ts IS NULL`;
const ORPHANS = `
  SELECT 'deadline' AS what, bypass_id::text AS id FROM app.deadline
    WHERE bypass_id NOT IN (SELECT bypass_id FROM app.bypass)
  UNION ALL SELECT 'surface', bypass_id::text FROM app.surface
    WHERE bypass_id NOT IN (SELECT bypass_id FROM app.bypass)
  UNION ALL SELECT 'asked', bypass_id::text FROM app.asked
    WHERE bypass_id NOT IN (SELECT bypass_id FROM app.bypass)
  UNION ALL SELECT 'lease', bypass_id::text FROM app.lease
    WHERE bypass_id NOT IN (SELECT bypass_id FROM app.bypass)
  UNION ALL SELECT 'bypass', bypass_id::text FROM app.bypass
    WHERE bypass_id NOT IN (SELECT bypass_id FROM app.log_entry WHERE bypass_id IS NOT NULL)
  UNION ALL SELECT 'press', press_id::text FROM app.press WHERE outcome IS NULL
  UNION ALL SELECT 'note', note_id::text FROM app.note WHERE told_at IS NULL`;
