import { type Jobs, deadLetterQueue, startJobs } from '#postgres/jobs';
import { withTenant } from '#postgres/transaction';
import { testDatabase } from '#test/support/postgres/test-database';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

const database = await testDatabase();
const { pool } = database;
const acme = '0198c5a0-0000-7000-8000-00000000000a';

const errors: Error[] = [];
const started: Jobs[] = [];
let jobs: Jobs;

async function start(): Promise<Jobs> {
  const instance = await startJobs(database.url, { onError: (error) => errors.push(error) });
  started.push(instance);
  return instance;
}

beforeAll(async () => {
  jobs = await start();
});
afterAll(() => Promise.all(started.map((instance) => instance.stop(5_000))));
afterEach(() => expect(errors.splice(0)).toEqual([]));

/** Far more than a busy machine takes; what needs longer has failed. */
const SOON = { timeout: 25_000 };
vi.setConfig({ testTimeout: 120_000 });

function send(queue: string, data: object, options = {}) {
  return withTenant(pool, acme, 'breakglass_app', (transaction) =>
    jobs.sendIn(transaction, queue, data, options),
  );
}

interface Note {
  note: string;
}

async function collect(queue: string, instance = jobs): Promise<string[]> {
  const seen: string[] = [];
  await instance.work<Note>(queue, {}, async (job) => void seen.push(job.data.note));
  return seen;
}

describe('a job', () => {
  test('is handled once its transaction has committed', async () => {
    await jobs.ensureQueue('committed');
    const seen = await collect('committed');
    expect(await send('committed', { note: 'hello' })).toMatch(/^[0-9a-f-]{36}$/);
    await expect.poll(() => seen, SOON).toEqual(['hello']);
  });

  test('among many that are added at once is handled as any other, and tried as often', async () => {
    await jobs.ensureQueue('at-once', { retryLimit: 7 });
    const seen = await collect('at-once');
    await withTenant(pool, acme, 'breakglass_app', (transaction) =>
      jobs.sendAllIn(transaction, 'at-once', [{ note: 'one' }, { note: 'two' }]),
    );
    await expect.poll(() => seen.toSorted(), SOON).toEqual(['one', 'two']);
    const { rows } = await pool.query(
      `SELECT DISTINCT retry_limit, retry_backoff FROM pgboss.job WHERE name = 'at-once'`,
    );
    expect(rows).toEqual([{ retry_limit: 7, retry_backoff: true }]);
  });

  test('of a transaction that rolled back does not exist', async () => {
    await jobs.ensureQueue('rolled-back');
    const seen = await collect('rolled-back');
    const failed = withTenant(pool, acme, 'breakglass_app', async (transaction) => {
      await jobs.sendIn(transaction, 'rolled-back', { note: 'never' });
      throw new Error('after the send');
    });
    await expect(failed).rejects.toThrow('after the send');
    await send('rolled-back', { note: 'always' });
    await expect.poll(() => seen, SOON).toEqual(['always']);
    const { rows } = await pool.query(`SELECT data FROM pgboss.job WHERE name = 'rolled-back'`);
    expect(rows).toEqual([{ data: { note: 'always' } }]);
  });

  test('that another process added is found without being told', async () => {
    await jobs.ensureQueue('elsewhere');
    const another = await start();
    const seen = await collect('elsewhere', another);
    await send('elsewhere', { note: 'from afar' });
    await expect.poll(() => seen, SOON).toEqual(['from afar']);
  });

  test('waits until it is due', async () => {
    await jobs.ensureQueue('later');
    const seen = await collect('later');
    await send('later', { note: 'second' }, { startAfter: 3 });
    await send('later', { note: 'first' });
    await expect.poll(() => seen, SOON).toEqual(['first', 'second']);
  });

  test('with an id that exists already is not added twice', async () => {
    await jobs.ensureQueue('once');
    const id = '0198c5a0-0000-7000-8000-0000000000ff';
    expect(await send('once', { note: 'a' }, { id })).toBe(id);
    expect(await send('once', { note: 'b' }, { id })).toBeUndefined();
  });

  test('that keeps failing ends in the dead-letter queue, and can be brought back', async () => {
    await jobs.ensureQueue('failing', { retryLimit: 1, retryDelaySeconds: 0 });
    let healed = false;
    let attempts = 0;
    await jobs.work<Note>('failing', {}, async () => {
      attempts += 1;
      if (!healed) throw new Error('still broken');
    });
    await send('failing', { note: 'stubborn' });
    const dead = async () => {
      const name = deadLetterQueue('failing');
      const { rows } = await pool.query('SELECT data FROM pgboss.job WHERE name = $1', [name]);
      return rows;
    };
    await expect.poll(dead, SOON).toEqual([{ data: { note: 'stubborn' } }]);
    expect(attempts).toBe(2);
    // Counted by a look that comes every few seconds.
    await expect.poll(() => jobs.deadLetters(['failing']), SOON).toEqual({ failing: 1 });
    healed = true;
    expect(await jobs.redrive('failing')).toBe(1);
    jobs.wake('failing');
    await expect.poll(() => attempts, SOON).toBe(3);
    expect(await dead()).toEqual([]);
    await expect.poll(() => jobs.deadLetters(['failing']), SOON).toEqual({});
  });
});

test('a backlog is worked off without waiting for polls in between', async () => {
  await jobs.ensureQueue('backlog');
  for (let count = 0; count < 50; count += 1) await send('backlog', { note: String(count) });
  const seen = await collect('backlog');
  await expect.poll(() => seen.length, SOON).toBe(50);
});

test('a stop waits for the job at work, and takes no other', async () => {
  await jobs.ensureQueue('draining');
  const leaving = await start();
  const seen: string[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await leaving.work<Note>('draining', {}, async (job) => {
    await held;
    seen.push(job.data.note);
  });
  await send('draining', { note: 'at work' });
  const state = async (note: string) => {
    const found = await pool.query<{ state: string }>(
      `SELECT state FROM pgboss.job WHERE name = 'draining' AND data->>'note' = $1`,
      [note],
    );
    return found.rows[0]?.state;
  };
  leaving.wake('draining');
  await expect.poll(() => state('at work'), SOON).toBe('active');
  const stopped = leaving.stop(10_000);
  await send('draining', { note: 'too late' });
  release();
  await stopped;
  expect(seen).toEqual(['at work']);
  expect(await state('at work')).toBe('completed');
  expect(await state('too late')).toBe('created');
});

test('the app role adds jobs and reads none', async () => {
  const reading = withTenant(pool, acme, 'breakglass_app', ({ client }) =>
    client.query('SELECT data FROM pgboss.job'),
  );
  await expect(reading).rejects.toMatchObject({ code: '42501' });
});

test('a queue keeps up with the release that starts last', async () => {
  await jobs.ensureQueue('tuned', { retryLimit: 1 });
  await jobs.ensureQueue('tuned', { retryLimit: 7 });
  const { rows } = await pool.query(`SELECT retry_limit FROM pgboss.queue WHERE name = 'tuned'`);
  expect(rows).toEqual([{ retry_limit: 7 }]);
});
