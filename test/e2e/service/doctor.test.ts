import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { INCIDENTS } from '#test/support/service/acme';
import { runBreakglass, type Environment } from '#test/support/service/breakglass-process';
import { layOut, LONGEST_MS, type Installation } from '#test/support/service/installation';
import { query } from '#test/support/service/stored-log';
import type { Finding } from '#cli/doctor/finding';

const database = await testDatabase();
const cleanUp = new AsyncDisposableStack();
afterAll(() => cleanUp.disposeAsync());
let acme: Installation;

beforeAll(async () => {
  acme = await layOut((one) => cleanUp.defer(one), { databaseUrl: database.url });
});

interface Told {
  readonly code: number | null;
  readonly findings: readonly Finding[];
}

async function doctor(more: Environment = {}): Promise<Told> {
  const { code, stdout } = await runBreakglass(['doctor', '--json'], { ...acme.settings, ...more });
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
  return { code, findings };
}

const of = ({ findings }: Told, check: string) => findings.filter((one) => one.check === check);
/** But that the server of the tests does not wait for its disk, which is found each time. */
const bad = (told: Told) => {
  const failed = told.findings.filter(({ verdict }) => verdict === 'failed');
  expect(failed.map(({ check }) => check)).toContain('durability');
  return failed.map(({ check }) => check).filter((check) => check !== 'durability');
};

test('says of a new installation that nothing runs yet, and of a running one that all is well', async () => {
  const before = await doctor();
  expect(bad(before)).toEqual([]);
  expect(of(before, 'PUBLIC_URL')).toMatchObject([{ verdict: 'warning' }]);
  await acme.start();
  const { code, stdout } = await acme.run('doctor');
  process.stdout.write(stdout);
  expect(stdout).toContain('1 thing must be mended.');
  expect(code).toBe(1);
  const told = await doctor();
  expect(bad(told)).toEqual([]);
  expect(told.findings.filter(({ verdict }) => verdict === 'ok').map(({ check }) => check)).toEqual(
    expect.arrayContaining(['database', 'schema', 'isolation', 'log tables', 'clock', 'keys']),
  );
});

test.for([
  [
    'a log that can be changed',
    'log tables',
    'GRANT UPDATE ON app.log_entry TO breakglass_app',
    'REVOKE UPDATE ON app.log_entry FROM breakglass_app',
  ],
  [
    'a table whose rows any tenant sees',
    'isolation',
    'ALTER TABLE app.bypass NO FORCE ROW LEVEL SECURITY',
    'ALTER TABLE app.bypass FORCE ROW LEVEL SECURITY',
  ],
  [
    'a migration of another release',
    'schema',
    `UPDATE app.migration SET checksum = 'x' || checksum WHERE number = 1`,
    'UPDATE app.migration SET checksum = substr(checksum, 2) WHERE number = 1',
  ],
] as const)('finds %s', async ([, check, broken, mended]) => {
  await query(database.url, broken);
  const told = await doctor();
  await query(database.url, mended);
  expect(told.code).toBe(1);
  expect(bad(told)).toEqual([check]);
  for (const { remedy } of of(told, check)) expect(remedy).not.toBeNull();
});

test('finds a token that Slack refuses, a channel without the app, a key that is gone', async () => {
  const refused = await doctor({ SLACK_BOT_TOKEN: 'xoxb-of-nobody' });
  expect(bad(refused)).toEqual(['Slack']);
  expect(JSON.stringify(refused)).not.toContain('xoxb-of-nobody');

  const otherKey = await doctor({ BREAKGLASS_KEK: 'ab'.repeat(32) });
  expect(bad(otherKey)).toEqual(['keys']);

  const away = await doctor({ DATABASE_URL: 'postgres://nobody:secret-word@127.0.0.1:1/none' });
  expect(of(away, 'database')).toMatchObject([{ verdict: 'failed' }]);
  expect(JSON.stringify(away)).not.toContain('secret-word');
  expect(of(away, 'Slack')).toMatchObject([{ verdict: 'ok' }]);

  expect(of(await doctor(), `channel ${INCIDENTS}`)).toMatchObject([{ verdict: 'ok' }]);
});

test('finds a job that was given up, which the running service does once it is put back', async () => {
  await query(
    database.url,
    // As pg-boss leaves one behind that failed for the last time.
    `INSERT INTO pgboss.job (name, source_name, data) SELECT 'surface.dead', 'surface',
       jsonb_build_object('tenant', tenant_id, 'id', gen_random_uuid()) FROM app.team_directory`,
  );
  expect(bad(await doctor())).toEqual(['jobs']);
  const listed = await acme.run('jobs', 'list');
  expect(listed.stdout).toMatch(/\nsurface +0 +- +0 +0 +1\n$/);
  expect(listed.code).toBe(1);
  expect((await acme.run('jobs', 'retry', 'surface')).stdout).toBe('1 job put back in surface.\n');
  expect((await acme.run('jobs', 'retry', 'surface')).stdout).toBe(
    'None were given up in surface.\n',
  );
  await vi.waitFor(
    async () => expect((await acme.run('jobs', 'list')).stdout).toMatch(/^No job waits/),
    { timeout: LONGEST_MS },
  );
});

test('says what is wrong with the settings, and nothing more', async () => {
  const told = await doctor({ SLACK_BOT_TOKEN: '' });
  expect(told.code).toBe(1);
  expect(told.findings).toMatchObject([{ verdict: 'failed' }, { verdict: 'skipped' }]);
});
