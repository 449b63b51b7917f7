import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWorkspace, type Workspace } from '#workspace/workspace';
import { acme, ANA, BEN, boltOverSockets, GENERAL } from './acme.ts';

/**
 * What Slack says of delivery: an acknowledgement is due within 3 s, and the person is told otherwise
 * (docs.slack.dev/interactivity/handling-user-interaction); a trigger lives 3 s from the act, not
 * from the delivery; a socket is closed after a `disconnect` message or without one
 * (docs.slack.dev/apis/events-api/using-socket-mode).
 */
const ACK_TIMEOUT_MS = 500;
const TIMED_OUT = { ok: false, error: 'operation_timeout' };

let workspace: Workspace;
let app: App;
let heard: string[] = [];

beforeEach(async () => {
  workspace = await startWorkspace({ seed: acme(), ackTimeoutMs: ACK_TIMEOUT_MS });
  app = boltOverSockets(workspace);
  heard = [];
  app.command('/breakglass', async ({ ack, command }) => {
    heard.push(command.text);
    await ack();
  });
  await app.start();
  await workspace.waitForSockets();
});

afterEach(async () => {
  await app.stop();
  await workspace.close();
});

const type = (text: string, person = ANA) =>
  workspace.as(person).command('/breakglass', text, GENERAL);
const next = (fate: Parameters<Workspace['scriptDelivery']>[0]['fate']) =>
  workspace.scriptDelivery({ payload: 'slash_commands', fate });

test('a late payload fails for the person and arrives all the same', async () => {
  next({ kind: 'late', ms: 2 * ACK_TIMEOUT_MS });
  expect(await type('late')).toMatchObject(TIMED_OUT);
  expect(heard).toEqual([]);
  await workspace.settled();
  expect(heard).toEqual(['late']);
});

test('one that is late within the time is no failure', async () => {
  next({ kind: 'late', ms: 1 });
  expect(await type('soon')).toEqual({ ok: true });
});

test('what is held arrives when it is released, in the order of the acts', async () => {
  workspace.scriptDelivery({ payload: '*', times: 2, fate: { kind: 'hold' } });
  const held = [type('first'), type('second')];
  expect(await type('third')).toEqual({ ok: true });
  expect(await Promise.all(held)).toMatchObject([TIMED_OUT, TIMED_OUT]);
  await workspace.releaseDeliveries();
  expect(heard).toEqual(['third', 'first', 'second']);
});

test('two payloads change places', async () => {
  next({ kind: 'after-next' });
  const first = type('first');
  expect(await type('second')).toEqual({ ok: true });
  await first;
  await workspace.settled();
  expect(heard).toEqual(['second', 'first']);
});

test('a payload that is dropped reaches nobody; one whose acknowledgement is lost does', async () => {
  next({ kind: 'drop' });
  expect(await type('dropped')).toMatchObject(TIMED_OUT);
  next({ kind: 'lose-ack' });
  expect(await type('heard')).toMatchObject(TIMED_OUT);
  await workspace.settled();
  expect(heard).toEqual(['heard']);
});

test('a payload arrives twice under one id, and the person sees the first', async () => {
  next({ kind: 'twice', afterMs: 1 });
  expect(await type('again')).toEqual({ ok: true });
  await workspace.settled();
  expect(heard).toEqual(['again', 'again']);
  const ids = workspace.deliveries().map(({ envelope }) => envelope.id);
  expect(new Set(ids).size).toBe(1);
});

test('faults meet the payloads they name, so often, and can be taken back', async () => {
  const ben = workspace.scriptDelivery({
    payload: 'slash_commands',
    where: { user_id: BEN, text: 'mine' },
    times: 2,
    fate: { kind: 'drop' },
  });
  await type('mine');
  await type('other', BEN);
  expect(await type('mine', BEN)).toMatchObject(TIMED_OUT);
  expect(ben.remaining()).toBe(1);
  ben.cancel();
  await type('mine', BEN);
  expect(heard).toEqual(['mine', 'other', 'mine']);
});

test('a channel that is shared, and people of another team, come and go while it runs', async () => {
  workspace.addTeam({ id: 'T0ELSE0001', name: 'Else', domain: 'else' });
  workspace.setUser({ id: 'U0ELSE0001', teamId: 'T0ELSE0001', name: 'eli', realName: 'E. Else' });
  workspace.setChannel({
    id: 'C0ELSE0001',
    name: 'else',
    teamId: 'T0ELSE0001',
    members: ['U0ELSE0001'],
  });
  await workspace.as('U0ELSE0001').command('/breakglass', 'from elsewhere', 'C0ELSE0001');
  const payload = workspace.deliveries().at(-1)?.envelope.payload;
  expect(payload).toMatchObject({ team_id: 'T0ELSE0001', user_id: 'U0ELSE0001' });
});
