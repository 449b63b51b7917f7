import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { testDatabase, type TestDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE } from '#test/support/service/acme';
import { runBreakglass, type BreakglassProcess } from '#test/support/service/breakglass-process';
import { askGate, type Deploy } from '#test/support/service/ci-job';
import { request, sendForm, textOf } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { exportLog, saveCheckpoint, verifyExport } from '#test/support/service/saved-audit';

const SECURITY = 'C0SECURITY';
const database = await testDatabase();
const DEPLOY: Deploy = { gate: GATE, service: 'checkout', environment: 'staging', run: 'run-1' };

/** Of a database that nobody is connected to. */
async function backUp({ url }: TestDatabase): Promise<string> {
  const copy = new URL(url);
  const name = copy.pathname.slice(1);
  copy.pathname = `${name}_backup`;
  const server = new Client({ connectionString: inject('postgresUrl') });
  await server.connect();
  onTestFinished(async () => {
    await server.query(`DROP DATABASE IF EXISTS ${name}_backup WITH (FORCE)`);
    await server.end();
  });
  await server.query(`CREATE DATABASE ${name}_backup TEMPLATE ${name}`);
  return copy.href;
}

async function stop(service: BreakglassProcess): Promise<void> {
  service.signal('SIGTERM');
  expect(await service.ended).toMatchObject({ code: 0 });
}

test('a database that is restored to an earlier time opens no gate until somebody says that they know', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: database.url });
  const { workspace, url } = acme;
  const first = await acme.start();
  const token = await acme.token(GATE);
  const incident = await request(workspace, `${GATE} checkout staging 15m`);
  expect(await incident.approve(PEOPLE.peer)).toBe(true);
  await incident.cardSays('Bypass active');
  expect(await askGate(url, token, DEPLOY)).toMatchObject({ decision: 'bypass' });
  await stop(first);
  const backup = await backUp(database);

  // What the backup does not know: the bypass was ended.
  const second = await acme.start();
  await incident.press(PEOPLE.onCall, 'Close now');
  await incident.cardSays('enforces again');
  const saved = await saveCheckpoint(acme, await exportLog(acme, 'before.jsonl'));
  await stop(second);

  const restored = { ...acme, run: (...args: readonly string[]) => runBreakglass(args, settings) };
  const settings = { ...acme.settings, DATABASE_URL: backup };
  await acme.start({ DATABASE_URL: backup });
  const told = (person: string, words: string) =>
    workspace.waitForMessage(person, (one) => textOf(workspace, person, one).includes(words), {
      timeoutMs: LONGEST_MS,
    });
  // A deploy that the log knows needs no entry to be let through, and is not.
  for (const run of ['run-1', 'run-2'])
    expect(await askGate(url, token, { ...DEPLOY, run })).toMatchObject({ said: 'enforce' });
  expect(await askGate(url, token, DEPLOY, 'recheck')).toMatchObject({ said: 'enforce' });
  const alarm = await told(PEOPLE.senior, 'the database was restored to an earlier time');
  expect(alarm.channel).toBe(SECURITY);
  await sendForm(workspace, `${GATE} ledger-db staging 15m`);
  await told(PEOPLE.onCall, 'The audit log was set back to an earlier time');

  const acknowledge = (...more: readonly string[]) =>
    restored.run('log', 'acknowledge', '--tenant', 'acme', '--reason', 'a disk failed', ...more);
  const open = await acknowledge();
  expect(open).toMatchObject({ code: 1 });
  expect(open.stderr).toContain(`${GATE} checkout staging until `);
  expect(await askGate(url, token, DEPLOY)).toMatchObject({ decision: 'enforce' });
  const compared = ['log', 'compare', '--tenant', 'acme', '--checkpoint', saved];
  const before = await restored.run(...compared);
  expect(before).toMatchObject({ code: 1 });
  expect(before.stderr).toContain('The log is held');
  expect(await acknowledge('--keep-open')).toMatchObject({ code: 0, stderr: '' });
  await told(PEOPLE.senior, 'Over. What it was: The log had');
  expect(await restored.run(...compared)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('a restore that was acknowledged') as unknown,
  });

  // It is open by what was restored, as was said, and new entries are taken.
  expect(await askGate(url, token, DEPLOY)).toMatchObject({ decision: 'bypass' });
  const next = await request(workspace, `${GATE} ledger-db staging 15m`);
  expect(await next.approve(PEOPLE.peer)).toBe(true);
  await next.cardSays('Bypass active');

  const file = await exportLog(restored, 'after.jsonl');
  const verified = await verifyExport(restored, file);
  expect(verified).toMatchObject({ code: 0 });
  expect(verified.stdout).toContain('says that the log was restored');
  const refused = await verifyExport(restored, file, '--checkpoint', saved);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stdout).toMatch(/lost in the restore of entry|says was lost in a restore/);
});
