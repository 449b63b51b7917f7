import { afterAll, expect, test } from 'vitest';
import { createPool } from '#postgres/connection';
import { openStores } from '#runtime/stores';
import { decisionFetch } from '#test/support/http/decision-fetch';
import type { FetchHandler } from '#http/problem';
import { decisionClient, question } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { heard } from '#test/support/races/heard';
import { enforceWithoutDatabase } from '#test/support/races/rules/enforce-without-database';

const installation = await testInstallation();
const { database, keyRing } = installation;
const [replica] = installation.replicas;
const role = 'breakglass_app';

/** The same database through a pool that may be broken. */
async function through(pool: ReturnType<typeof createPool>) {
  const stores = await openStores({ dataDir: '' }, { keyRing }, { pool, jobs: replica.jobs });
  return { ports: { ...replica.ports, ...stores }, stores };
}

test('a pool that has ended', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const pool = createPool(database.url, { role });
  const ci = await decisionClient(await through(pool), tenant);
  expect((await ci.ask()).decision).toBe('bypass');
  await pool.end();
  expect(await ci.ask()).toMatchObject({ decision: 'enforce', reason: 'unavailable' });
  expect(await ci.ask({ phase: 'finish', outcome: 'succeeded' })).toMatchObject({
    decision: 'enforce',
    reason: 'unavailable',
  });
  expect(ci.errors).toHaveLength(2);
  expect((await tenant.bypass(bypass)).phase).toBe('active');
});

test('a log that another commit holds for longer than a statement may run', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const pool = createPool(database.url, { role, statementTimeoutMs: 100 });
  afterAll(() => pool.end());
  const ci = await decisionClient(await through(pool), tenant);
  let answer: Awaited<ReturnType<typeof ci.ask>> | undefined;
  await replica.stores.store.locked(tenant.id, async () => {
    answer = await ci.ask();
  });
  expect(answer).toMatchObject({ decision: 'enforce', reason: 'unavailable' });
  expect(ci.errors).toHaveLength(1);
  expect(await tenant.types(bypass)).not.toContain('deploy.annotated');
  const patient = await decisionClient(replica, tenant);
  expect((await patient.ask()).decision).toBe('bypass');
});

test('a server that ends every connection in the middle', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const pool = createPool(`${database.url}?application_name=doomed`, { role, max: 3 });
  afterAll(() => pool.end());
  const ci = await decisionClient(await through(pool), tenant);
  let asked: ReturnType<typeof ci.ask> | undefined;
  await replica.stores.store.locked(tenant.id, async () => {
    asked = ci.ask();
    await waitingForLock();
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
  });
  expect(await asked).toMatchObject({ decision: 'enforce', reason: 'unavailable' });
  expect(await tenant.types(bypass)).not.toContain('deploy.annotated');
  expect((await ci.ask()).decision).toBe('bypass');
  expect(await tenant.press(PEOPLE.onCall, { kind: 'close', bypass })).toBe('done');
});

test('a connection that is lost during the commit: enforced, whatever became of the record', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const pool = createPool(database.url, { role, max: 3 });
  afterAll(() => pool.end());
  const ci = await decisionClient(await through(pool), tenant);
  await ci.ask({ deploy: { id: 'run-0', attempt: 1 } });
  loseCommits(pool);
  const answer = await ci.ask();
  expect(answer).toMatchObject({ decision: 'enforce', reason: 'unavailable' });
  const types = await tenant.types(bypass);
  expect(types.filter((one) => one === 'deploy.annotated')).toHaveLength(2);
});

test.each(['slow', 'gone'] as const)(
  'over HTTP a client hears enforce while the database is %s, and does not wait for it',
  async (state) => {
    const tenant = await installation.tenant();
    await tenant.activate();
    const pool = createPool(database.url, { role });
    const ci = await decisionClient(await through(pool), tenant);
    const ask = decisionFetch({
      decisions: ci.api,
      log: { warn: () => undefined, error: () => undefined },
      limits: { deadlineMs: 200 },
    });
    const held = Promise.withResolvers<void>();
    // Whoever held the log until the answer came shows that it waited for nobody.
    const holding = replica.stores.store.locked(tenant.id, () => held.promise);
    if (state === 'gone') await pool.end();
    const { decision, reason } = await answerOver(ask, ci.token);
    held.resolve();
    await holding;
    if (state === 'slow') await pool.end();
    const facts = { ...question(), branch: null, artifact: null };
    const answer = heard({ moment: 1, tenant: tenant.id, facts, decision, database: state });
    expect(enforceWithoutDatabase({ observed: [answer], tenants: [] })).toEqual([]);
    expect(reason).toBe('unavailable');
  },
);

async function answerOver(
  ask: FetchHandler,
  token: string,
): Promise<{ decision: 'bypass' | 'enforce'; reason: string }> {
  const response = await ask(
    new Request('http://localhost/v1/decisions', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(question()),
    }),
  );
  return (await response.json()) as { decision: 'bypass' | 'enforce'; reason: string };
}

/** The server commits the annotation and goes away before it can say so. */
function loseCommits(pool: ReturnType<typeof createPool>): void {
  pool.on('acquire', (client) => {
    const query = client.query.bind(client);
    let appended = false;
    const spied = async (...given: unknown[]): Promise<unknown> => {
      const [said] = given;
      const text = typeof said === 'string' ? said : textOf(said);
      if (text.includes('INSERT INTO app.log_entry')) appended = true;
      const answer: unknown = await Reflect.apply(query, client, given);
      if (text === 'COMMIT' && appended) throw new Error('Connection terminated unexpectedly');
      return answer;
    };
    Object.assign(client, { query: spied });
  });
}

function textOf(said: unknown): string {
  return typeof said === 'object' && said !== null && 'text' in said ? String(said.text) : '';
}

async function waitingForLock(): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query(
      `SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
}
