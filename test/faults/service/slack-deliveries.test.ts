import { Client } from 'pg';
import { afterAll, expect, test, vi } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, INCIDENTS, PEOPLE } from '#test/support/service/acme';
import { request, textOf, type Incident } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const { url } = await testDatabase();
const { workspace, start } = await layOut(afterAll, { databaseUrl: url });
const service = await start();

/** Every press that was stored has been judged. */
const judged = () =>
  vi.waitFor(
    async () => {
      const open = 'SELECT press_id FROM app.press WHERE outcome IS NULL';
      expect(await query(url, open)).toEqual([]);
    },
    { timeout: LONGEST_MS },
  );

/** How often each of these stands in the log since. */
async function counting(...types: readonly string[]): Promise<() => Promise<readonly number[]>> {
  const count = async () => {
    const log = await storedLog(url);
    return types.map((type) => ofType(log, type).length);
  };
  const before = await count();
  return async () => (await count()).map((now, index) => now - (before[index] ?? 0));
}

const told = (person: string, words: string) =>
  workspace.waitForMessage(
    person,
    (message) => textOf(workspace, person, message).includes(words),
    {
      timeoutMs: LONGEST_MS,
    },
  );

/** Waits for the card that asks this person, and presses Approve without waiting for the answer. */
async function approving(incident: Incident, person: string) {
  const asked = await incident.asked(person);
  return { asked, pressing: workspace.as(person).press(asked, 'Approve') };
}

test('a command that arrives twice opens one form, and nobody is told otherwise', async () => {
  workspace.scriptDelivery({ payload: 'slash_commands', fate: { kind: 'twice' } });
  const before = workspace.as(PEOPLE.onCall).inbox().length;
  await workspace.as(PEOPLE.onCall).command('/breakglass', GATE, INCIDENTS);
  await workspace.waitForView(PEOPLE.onCall, () => true, { timeoutMs: LONGEST_MS });
  await workspace.settled();
  const opens = () => workspace.calls('views.open').map(({ result }) => result?.['error'] ?? 'ok');
  await expect.poll(opens, { timeout: LONGEST_MS }).toEqual(['ok', 'exchanged_trigger_id']);
  // A command after it is answered after it: what was to be said of the second has been said.
  await workspace.as(PEOPLE.onCall).command('/breakglass', 'help', INCIDENTS);
  const since = workspace.as(PEOPLE.onCall).inbox().slice(before);
  const said = since.filter(({ is_ephemeral: alone }) => alone === true);
  expect(said.map(({ text }) => text.includes('did not open'))).toEqual([false]);
  await workspace.as(PEOPLE.onCall).closeView();
});

test('a command that arrives after its trigger has run out says so, and asks nothing', async () => {
  const since = await counting('request.opened');
  workspace.scriptDelivery({ payload: 'slash_commands', fate: { kind: 'late', ms: 3_100 } });
  const answer = await workspace.as(PEOPLE.peer).command('/breakglass', GATE, INCIDENTS);
  expect(answer).toMatchObject({ ok: false, error: 'operation_timeout' });
  await told(PEOPLE.peer, 'Slack did not open the form. Nothing was asked.');
  expect(await since()).toEqual([0]);
});

test('an approval whose acknowledgement was lost, and that is pressed again, counts once', async () => {
  const incident = await request(workspace, `${GATE} checkout production 15m INC-1`);
  const since = await counting('approval.given', 'bypass.activated');
  workspace.scriptDelivery({
    payload: 'interactive',
    where: { 'user.id': PEOPLE.release1 },
    fate: { kind: 'lose-ack' },
  });
  const { asked, pressing } = await approving(incident, PEOPLE.release1);
  expect(await workspace.as(PEOPLE.release1).press(asked, 'Approve')).toEqual(
    expect.objectContaining({ ok: true }),
  );
  expect(await pressing).toMatchObject({ ok: false, error: 'operation_timeout' });
  await judged();
  expect(await since()).toEqual([1, 0]);
  await told(PEOPLE.release1, 'You have approved this already; it counts once.');
  await incident.approve(PEOPLE.release2);
  await incident.cardSays('is in bypass');
  expect(await since()).toEqual([2, 1]);
  await incident.press(PEOPLE.onCall, 'bypass_close');
});

test('an approval that takes longer to store than Slack waits is called uncertain, and counts once', async () => {
  const incident = await request(workspace, `${GATE} checkout production 15m INC-8`);
  const since = await counting('approval.given', 'bypass.activated');
  const holder = new Client({ connectionString: url });
  await holder.connect();
  await holder.query('BEGIN');
  // Whoever stores a press waits.
  await holder.query('LOCK TABLE app.press IN SHARE MODE');
  const { asked, pressing } = await approving(incident, PEOPLE.release1);
  expect(await pressing).toMatchObject({ ok: false, error: 'operation_timeout' });
  await told(PEOPLE.release1, 'It is not certain that your press was stored');
  await holder.query('COMMIT');
  await holder.end();
  expect(await workspace.as(PEOPLE.release1).press(asked, 'Approve')).toMatchObject({ ok: true });
  await judged();
  expect(await since()).toEqual([1, 0]);
  const presses = `SELECT outcome FROM app.press WHERE action->>'bypass' = (
      SELECT action->>'bypass' FROM app.press ORDER BY pressed_at DESC LIMIT 1) ORDER BY outcome`;
  expect(await query(url, presses)).toEqual([{ outcome: 'done' }, { outcome: 'refused' }]);
  await incident.approve(PEOPLE.release2);
  await incident.cardSays('is in bypass');
  expect(await since()).toEqual([2, 1]);
  await incident.press(PEOPLE.onCall, 'bypass_close');
});

test('approvals that change places both count', async () => {
  const incident = await request(workspace, `${GATE} checkout production 15m INC-2`);
  const since = await counting('approval.given', 'bypass.activated');
  workspace.scriptDelivery({
    payload: 'interactive',
    where: { 'user.id': PEOPLE.release1 },
    fate: { kind: 'after-next' },
  });
  const first = await approving(incident, PEOPLE.release1);
  const second = await approving(incident, PEOPLE.release2);
  await Promise.all([first.pressing, second.pressing]);
  await incident.cardSays('is in bypass');
  expect(await since()).toEqual([2, 1]);
  await incident.press(PEOPLE.onCall, 'bypass_close');
});

test('a withdrawal that is overtaken by the approval changes nothing, and its presser is told', async () => {
  const incident = await request(workspace, `${GATE} checkout staging 15m INC-3`);
  const since = await counting('request.withdrawn', 'bypass.activated');
  workspace.scriptDelivery({
    payload: 'interactive',
    where: { 'user.id': PEOPLE.onCall },
    fate: { kind: 'hold' },
  });
  const withdrawing = workspace.as(PEOPLE.onCall).press(incident.card(), 'bypass_withdraw');
  await incident.approve(PEOPLE.peer);
  await incident.cardSays('is in bypass');
  await workspace.releaseDeliveries();
  await withdrawing;
  await judged();
  await told(PEOPLE.onCall, 'The request still stands.');
  expect(await since()).toEqual([0, 1]);
  await incident.press(PEOPLE.onCall, 'bypass_close');
});

test('an approval that arrives after the denial opens nothing', async () => {
  const incident = await request(workspace, `${GATE} checkout staging 15m INC-4`);
  const since = await counting('approval.given', 'bypass.activated', 'request.denied');
  workspace.scriptDelivery({
    payload: 'interactive',
    where: { 'user.id': PEOPLE.peer },
    fate: { kind: 'hold' },
  });
  const { pressing } = await approving(incident, PEOPLE.peer);
  const denier = workspace.as(PEOPLE.release1);
  await denier.press(await incident.asked(PEOPLE.release1), 'bypass_deny');
  await workspace.waitForView(PEOPLE.release1, () => true, { timeoutMs: LONGEST_MS });
  denier.fillView({ reason: 'The fix is out already.' });
  expect(await denier.submitView()).toEqual({ closed: true });
  await incident.cardSays('enied');
  await workspace.releaseDeliveries();
  await pressing;
  await judged();
  expect(await since()).toEqual([0, 0, 1]);
  await told(PEOPLE.peer, 'Your approval does not count.');
});

test('sockets that Slack refreshes or cuts come back, and who presses in between is heard', async () => {
  const incident = await request(workspace, `${GATE} checkout production 15m INC-5`);
  const since = await counting('approval.given', 'bypass.activated');
  const gaps = [
    [PEOPLE.release1, { reason: 'refresh_requested' }],
    [PEOPLE.release2, { abrupt: true }],
  ] as const;
  for (const [person, how] of gaps) {
    const asked = await incident.asked(person);
    await workspace.waitForSockets(2, { timeoutMs: LONGEST_MS });
    const before = workspace.events().length;
    workspace.disconnectSockets(how);
    await workspace.waitFor(({ kind }) => kind === 'socket_closed', { afterSeq: before });
    // A press that Slack could not hand over, or whose answer it did not get, may be repeated.
    const isTaken = async () => {
      const now = workspace
        .as(person)
        .messages(asked.channel)
        .find(({ ts }) => ts === asked.ts);
      const isOpen = now !== undefined && textOf(workspace, person, now).includes('[Approve]');
      return !isOpen || (await workspace.as(person).press(asked, 'Approve')).ok;
    };
    await expect.poll(isTaken, { timeout: LONGEST_MS }).toBe(true);
  }
  await incident.cardSays('is in bypass');
  await judged();
  expect(await since()).toEqual([2, 1]);
  expect(service.isRunning()).toBe(true);
});
