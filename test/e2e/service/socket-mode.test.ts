import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runningServerUrl } from '#postgres/embedded/running-server-url';
import { clockFunction } from '#test/support/postgres/test-database';
import { GATE, PEOPLE, SLACK } from '#test/support/service/acme';
import { askGate, type Answer, type Deploy } from '#test/support/service/ci-job';
import { postmasterOf } from '#test/support/service/embedded-server';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { exportLog, verifyExport } from '#test/support/service/saved-audit';
import { query } from '#test/support/service/stored-log';
import { watched } from '#test/support/service/watched';

const DEPLOY: Deploy = { gate: GATE, service: 'checkout', environment: 'staging', run: 'run-1' };

const LAST_MS = 3_000;

const COUNTED = [
  /^breakglass_decisions_total\{answer="enforce",reason="no-bypass",phase="start",way="api"\} 2$/m,
  /^breakglass_decisions_total\{answer="enforce",reason="expired",phase="start",way="api"\} 1$/m,
  /^breakglass_presses_total\{action="approve",outcome="stored"\} 1$/m,
  /^breakglass_slack_ack_seconds_count\{payload="block_actions",outcome="acked"\} \d+$/m,
  /^breakglass_slack_call_seconds_count\{method="chat.update",outcome="ok"\} \d+$/m,
  /^breakglass_signing_seconds_count\{service="fulcio",outcome="ok"\} 1$/m,
  /^breakglass_entries_total\{type="bypass.closed"\} 1$/m,
  /^breakglass_deadline_lateness_seconds_count\{kind="expire"\} 1$/m,
  /^breakglass_approval_seconds_count 1$/m,
  /^breakglass_jobs_total\{queue="press",outcome="dead"\} 0$/m,
  /^breakglass_bypasses\{state="active"\} 0$/m,
  /^breakglass_log_entries \d\d$/m,
];

/** Whoever watches the service reads nothing that people typed, and not their names. */
const SAID_BY_PEOPLE = [
  'Checkout is down',
  'rollback image',
  'INC-4711',
  'run-1',
  'Sign rollback',
  'J. Doe',
  'P. Peer',
  '@acme.example',
];

/** Every answer from now on, up to the first that says `enforce`. */
async function askUntilEnforced(ask: () => Promise<Answer>): Promise<readonly Answer[]> {
  const heard: Answer[] = [];
  for (;;) {
    const answer = await ask();
    heard.push(answer);
    if (answer.said !== 'bypass') return heard;
    // Slower than a token's rate limit.
    await sleep(100);
  }
}

test('over Socket Mode, on embedded parts: an incident from the command to the review', async () => {
  const watch = await watched(onTestFinished);
  const acme = await layOut(onTestFinished);
  const service = await acme.start({ ...watch.settings, LOG_LEVEL: 'debug' });
  const token = await acme.token(GATE);
  const ask = (deploy: Deploy = DEPLOY) => askGate(acme.url, token, deploy);

  expect(await ask()).toMatchObject({ decision: 'enforce', why: 'no-bypass' });

  const incident = await request(acme.workspace, `${GATE} checkout staging 15m INC-4711`);
  expect(await ask()).toMatchObject({ decision: 'enforce' });
  expect(await incident.approve(PEOPLE.peer)).toBe(true);
  await incident.cardSays('is in bypass');
  expect(await watch.sample('breakglass_bypasses{state="active"}')).toBe(1);

  const during = await ask();
  expect(during).toMatchObject({ decision: 'bypass' });
  expect(await ask({ ...DEPLOY, environment: 'production' })).toMatchObject({
    decision: 'enforce',
  });
  expect(await ask({ ...DEPLOY, service: 'ledger-db' })).toMatchObject({ decision: 'enforce' });
  await incident.cardSays(DEPLOY.run);

  const expiry = during.expiresAt ?? Number.NaN;
  // Most of the time passes at once, the last of it as it does for everybody.
  const passedMs = expiry - (during.serverTime ?? Number.NaN) - LAST_MS;
  await query((await runningServerUrl(acme.dataDir)) ?? '', clockFunction(passedMs));
  const heard = await askUntilEnforced(ask);
  const times = heard.map((answer) => answer.serverTime ?? Number.NaN);
  // By the database's clock, not ours: every bypass before the expiry, the first enforce not before.
  expect(times.slice(0, -1).every((time) => time < expiry)).toBe(true);
  expect(times.at(-1)).toBeGreaterThanOrEqual(expiry);
  expect(heard.at(-1)?.why).toBe('expired');

  await incident.cardSays('enforces again');
  await incident.completeReview(PEOPLE.onCall);

  const verified = await verifyExport(acme, await exportLog(acme, 'export.jsonl'));
  expect(verified.stdout).toContain('VERIFIED');
  expect(verified.code).toBe(0);

  let metrics = '';
  // What is of the database is read at most once in 5 s.
  await vi.waitFor(
    async () => {
      metrics = await watch.metrics();
      expect(COUNTED.filter((series) => !series.test(metrics))).toEqual([]);
    },
    { timeout: LONGEST_MS, interval: 500 },
  );

  service.signal('SIGTERM');
  expect(await service.ended).toMatchObject({ code: 0 });
  // From the press to the last card, and one trace.
  const press = 'slack block_actions > press.store > job press';
  expect(watch.pathsTo('sign rekor')).toEqual([`${press} > sign > sign rekor`]);
  expect(watch.pathsTo('job checkpoint')).toContain(`${press} > commit > job checkpoint`);
  const card = `${press} > commit > job surface > slack chat.update`;
  expect(watch.pathsTo('slack chat.update')).toContain(card);

  for (const said of [metrics, watch.traces(), service.output()])
    for (const secret of [...SAID_BY_PEOPLE, ...Object.values(SLACK), token])
      expect(said).not.toContain(secret);
  expect(await postmasterOf(acme.dataDir)).toBeNull();
});
