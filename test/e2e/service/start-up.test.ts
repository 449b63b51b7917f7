import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE, policy } from '#test/support/service/acme';
import { runBreakglass } from '#test/support/service/breakglass-process';
import { askGate } from '#test/support/service/ci-job';
import { postmasterOf } from '#test/support/service/embedded-server';
import { request } from '#test/support/service/incident';
import { layOut } from '#test/support/service/installation';
import { ofType, storedLog } from '#test/support/service/stored-log';

const [database, kept] = [await testDatabase(), await testDatabase()];
// Of one database: what is sealed in it under one key opens under no other.
const kek = randomBytes(32).toString('base64');

const STACK_TRACE = /^\s+at .+:\d+/m;

test('wrong settings are all told at once, without their values', async () => {
  const { code, stdout, stderr } = await runBreakglass(['start'], {
    SLACK_BOT_TOKEN: 'not-a-token-but-secret',
    SLACK_APP_TOKEN: 'xapp-fine',
    PORT: '99999',
    DATABASE_URL: 'mysql://root:hunter2@db/x',
    BREAKGLASS_KEK: 'c2hvcnQ=',
    BREAKGLASS_EMBEDDED_SIGSTORE: 'production',
    TSA_URL: 'ftp://tsa',
    LOG_LEVEL: 'loud',
  });
  expect(code).toBe(2);
  expect(stdout).toBe('');
  const named = stderr
    .split('\n')
    .slice(1, -1)
    .map((line) => line.trim().split(':')[0]);
  expect(new Set(named)).toEqual(
    new Set([
      'BREAKGLASS_EMBEDDED_SIGSTORE',
      'BREAKGLASS_KEK',
      'BREAKGLASS_POLICY',
      'DATABASE_URL',
      'FULCIO_URL',
      'LOG_LEVEL',
      'PORT',
      'PUBLIC_URL',
      'SLACK_BOT_TOKEN',
      'TSA_URL',
    ]),
  );
  expect(stderr).not.toMatch(/secret\b(?!s)|hunter2|c2hvcnQ|99999|ftp:/);
  expect(stderr).not.toMatch(STACK_TRACE);
});

test('a database of our own needs Sigstore, or the word evaluation', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: database.url, kek });
  const { BREAKGLASS_EMBEDDED_SIGSTORE: _, ...settings } = acme.settings;
  const { code, stderr } = await runBreakglass(['start'], settings);
  expect(code).toBe(2);
  expect(stderr).toContain('FULCIO_URL');
  expect(stderr).toContain('BREAKGLASS_EMBEDDED_SIGSTORE=evaluation');
});

test('an unusable policy is told by line and key, and nothing is left running', async () => {
  const wrong = policy(
    'require: [{ from: enginers, count: 1 }]\n    ttl: { offer: [15m], max: 1h }',
  );
  const acme = await layOut(onTestFinished, { policy: wrong });
  const { code, stderr } = await acme.spawn().ended;
  const line = wrong.split('\n').findIndex((one) => one.includes('enginers')) + 1;
  expect(code).toBe(2);
  expect(stderr).toContain(`${acme.policyFile}:${line}:`);
  expect(stderr).toContain('tiers.low.require[0].from');
  expect(stderr).not.toMatch(STACK_TRACE);
  expect(await postmasterOf(acme.dataDir)).toBeNull();
});

test('a policy that is not there is told, and ends the start', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: database.url, kek });
  const child = acme.spawn({ BREAKGLASS_POLICY: join(acme.dataDir, 'no-such.yaml') });
  const { code, stderr } = await child.ended;
  expect(code).toBe(2);
  expect(stderr).toContain('no-such.yaml: the policy cannot be read (ENOENT)');
  expect(stderr).not.toMatch(STACK_TRACE);
});

test('a token that Slack refuses ends the start, and is not shown', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: database.url, kek });
  const child = acme.spawn({ SLACK_BOT_TOKEN: 'xoxb-revoked-token', LOG_LEVEL: 'debug' });
  const { code, stderr } = await child.ended;
  expect(code).toBe(1);
  expect(stderr).toContain('Slack refuses the bot token (invalid_auth)');
  expect(child.output()).not.toContain('revoked-token');
  expect(stderr).not.toMatch(STACK_TRACE);
});

test('a port in use ends the start with words', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: database.url, kek });
  const taken = new URL(acme.workspace.origin).port;
  const { code, stderr } = await acme.spawn({ PORT: taken }).ended;
  expect(code).toBe(2);
  expect(stderr).toContain(taken);
  expect(stderr).toContain('in use');
  expect(stderr).not.toMatch(STACK_TRACE);
});

test('a data folder that is a file ends the start with words', async () => {
  const acme = await layOut(onTestFinished, {});
  const file = join(acme.dataDir, 'file');
  await mkdir(acme.dataDir, { recursive: true });
  await writeFile(file, '');
  const { code, stderr } = await acme.spawn({ BREAKGLASS_DATA_DIR: file }).ended;
  expect(code).toBe(1);
  expect(stderr).not.toMatch(STACK_TRACE);
});

test('a restart keeps the state; a policy changed in between binds only what comes after', async () => {
  const acme = await layOut(onTestFinished, { databaseUrl: kept.url });
  const first = await acme.start();
  const token = await acme.token(GATE);
  const deploy = { gate: GATE, service: 'checkout', environment: 'staging', run: 'run-3' };
  const incident = await request(acme.workspace, `${GATE} checkout staging 15m INC-3`);
  await incident.approve(PEOPLE.peer);
  await incident.cardSays('is in bypass');
  const before = await askGate(acme.url, token, deploy);
  expect(before).toMatchObject({ decision: 'bypass' });
  first.signal('SIGTERM');
  expect(await first.ended).toMatchObject({ code: 0 });

  const stricter = policy(
    'require: [{ from: release, count: 2 }]\n    ttl: { offer: [5m], max: 5m }',
  );
  await writeFile(acme.policyFile, stricter);
  const second = await acme.start();
  const after = await askGate(acme.url, token, deploy);
  expect(after).toMatchObject({ decision: 'bypass', expiresAt: before.expiresAt });
  const applied = ofType(await storedLog(kept.url), 'policy.applied');
  expect(applied).toHaveLength(2);
  expect(applied[1]?.event['policy']).not.toBe(applied[0]?.event['policy']);
  await incident.press(PEOPLE.onCall, 'bypass_close');
  await incident.cardSays('enforces again');

  const later = await request(acme.workspace, `${GATE} checkout staging 5m INC-4`);
  await later.approve(PEOPLE.release1);
  await later.cardSays('R. Roe');
  expect(await askGate(acme.url, token, deploy)).toMatchObject({ decision: 'enforce' });
  second.signal('SIGTERM');
  expect(await second.ended).toMatchObject({ code: 0 });

  const third = await acme.start();
  expect(third.log().find((line) => line.msg === 'policy')).toMatchObject({ outcome: 'in-force' });
  expect(ofType(await storedLog(kept.url), 'policy.applied')).toHaveLength(2);
  await later.approve(PEOPLE.release2);
  await later.cardSays('is in bypass');
});
