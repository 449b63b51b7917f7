import { createHmac } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, PEOPLE, SLACK } from '#test/support/service/acme';
import { askGate, type Deploy } from '#test/support/service/ci-job';
import { request } from '#test/support/service/incident';
import { layOut, type Installation } from '#test/support/service/installation';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const database = await testDatabase();
const DEPLOY: Deploy = { gate: GATE, service: 'checkout', environment: 'production', run: 'run-7' };

/** Sends what Slack delivered last, signed by whoever has `secret` (Slack's request signing, v0). */
async function sendLastPress(
  { workspace, url }: Installation,
  secret: string,
  ageSeconds = 0,
): Promise<number> {
  const last = workspace.deliveries().at(-1);
  const fresh = { ...last?.envelope.payload, trigger_id: `1.${secret.length}.${ageSeconds}` };
  const body = new URLSearchParams({ payload: JSON.stringify(fresh) }).toString();
  const timestamp = String(Math.floor(Date.now() / 1_000) - ageSeconds);
  const mac = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const response = await fetch(`${url}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${mac}`,
    },
    body,
  });
  return response.status;
}

test('over HTTP, on a database of our own: an incident of two approvals, closed by hand', async () => {
  const acme = await layOut(onTestFinished, { mode: 'http', databaseUrl: database.url });
  const service = await acme.start();
  const token = await acme.token(GATE);
  const ask = (phase: 'start' | 'finish' = 'start') => askGate(acme.url, token, DEPLOY, phase);
  const presses = async (): Promise<number> =>
    (await query(database.url, 'SELECT press_id FROM app.press')).length;

  const incident = await request(acme.workspace, `${GATE} checkout production 15m INC-2`);
  expect(await incident.approve(PEOPLE.release1)).toBe(true);
  await incident.cardSays('R. Roe');
  const stored = await presses();
  expect(await sendLastPress(acme, 'a-secret-of-somebody-else')).toBe(401);
  expect(await sendLastPress(acme, SLACK.signingSecret, 600)).toBe(401);
  expect(await presses()).toBe(stored);
  // The same payload, rightly signed, is a press: the signature alone made the difference.
  expect(await sendLastPress(acme, SLACK.signingSecret)).toBe(200);
  expect(await presses()).toBe(stored + 1);
  expect(await ask()).toMatchObject({ decision: 'enforce' });

  expect(await incident.approve(PEOPLE.release2)).toBe(true);
  await incident.cardSays('is in bypass');
  expect(await ask()).toMatchObject({ decision: 'bypass' });
  await incident.cardSays(DEPLOY.run);
  expect(await ask('finish')).toMatchObject({ decision: 'enforce' });
  await incident.press(PEOPLE.onCall, 'bypass_close');
  await incident.cardSays('enforces again');
  expect(await ask()).toMatchObject({ decision: 'enforce' });
  await incident.completeReview(PEOPLE.onCall);

  const log = await storedLog(database.url);
  expect(ofType(log, 'approval.given')).toHaveLength(2);
  expect(ofType(log, 'bypass.activated')).toHaveLength(1);
  expect(ofType(log, 'bypass.closed')).toMatchObject([{ event: { how: 'closed' } }]);
  expect(ofType(log, 'post-mortem.completed')).toHaveLength(1);
  service.signal('SIGTERM');
  expect(await service.ended).toMatchObject({ code: 0 });
});
