/* oxlint-disable unicorn/require-post-message-target-origin -- Slack's chat.postMessage, not a window's */
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  renderViewText,
  startWorkspace,
  type StoredView,
  type Workspace,
} from '#workspace/workspace';
import { acme, ANA, BEN, BOT, boltOverSockets, GENERAL, GONE, JSON_TYPE, plain } from './acme.ts';

let workspace: Workspace;
let app: ReturnType<typeof boltOverSockets>;

beforeEach(async () => {
  workspace = await startWorkspace({ seed: acme() });
  app = boltOverSockets(workspace);
});

afterEach(async () => {
  await app.stop();
  await workspace.close();
});

async function get(path: string): Promise<unknown> {
  return (await fetch(`${workspace.origin}/driver/${path}`)).json();
}

async function post(path: string, body: object = {}): Promise<unknown> {
  const init = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) };
  return (await fetch(`${workspace.origin}/driver/${path}`, init)).json();
}

test('another process drives a person from command to posted message', async () => {
  app.command('/breakglass', async ({ ack, client, command }) => {
    await ack();
    await client.views.open({
      trigger_id: command.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'f',
        title: plain('Break glass'),
        submit: plain('Request'),
        blocks: [
          {
            type: 'input',
            block_id: 'reason',
            optional: true,
            label: plain('Why?'),
            element: { type: 'plain_text_input', action_id: 'a' },
          },
        ],
      },
    });
  });
  app.view('f', async ({ ack, client, view }) => {
    await ack();
    const text = String(view.state.values['reason']?.['a']?.value);
    await client.chat.postMessage({ channel: GENERAL, text });
  });
  await app.start();
  const typed = { command: '/breakglass', text: '', channel: GENERAL };
  expect(await post(`as/${ANA}/command`, typed)).toEqual({ ok: true });
  await workspace.waitForView(ANA);
  await post(`as/${ANA}/view/fill`, { values: { reason: 'it burns' } });
  const view = (await get(`as/${ANA}/view`)) as StoredView;
  expect(renderViewText(view)).toBe(
    '== Break glass ==\nWhy? (optional)\n  ‹it burns›\n[Cancel] [Request]',
  );
  expect(await post(`as/${ANA}/view/submit`)).toEqual({ closed: true });
  await workspace.waitForMessage(ANA);
  expect(await get(`as/${ANA}/messages?channel=${GENERAL}`)).toMatchObject([{ text: 'it burns' }]);
  const changes = (await get('events?after=0')) as { kind: string }[];
  expect(changes.map(({ kind }) => kind)).toContain('message_posted');
});

test('what a person cannot do is answered with a code', async () => {
  expect(await post(`as/${ANA}/view/submit`)).toMatchObject({ error: 'no_open_view' });
  expect(await post(`as/${GONE}/say`, { channel: GENERAL, text: 'x' })).toMatchObject({
    error: 'person_deactivated',
  });
  const press = { channel: GENERAL, ts: '1.2', button: 'Approve' };
  expect(await post(`as/${ANA}/press`, press)).toMatchObject({ error: 'no_such_message' });
});

test('a press that names only its button waits for the message, and is told if none comes', async () => {
  const pressed: string[] = [];
  app.action('approve', async ({ ack, body }) => {
    await ack();
    pressed.push(body.user.id);
  });
  await app.start();
  const press = post(`as/${ANA}/press`, { button: 'Approve' });
  const button = { type: 'button', action_id: 'approve', text: plain('Approve') } as const;
  const blocks = [{ type: 'actions', elements: [button] } as const];
  await app.client.chat.postMessage({ channel: GENERAL, text: 'May they?', blocks });
  expect(await press).toEqual({ ok: true });
  expect(pressed).toEqual([ANA]);
  expect(await post(`as/${ANA}/press`, { button: 'Deny', waitMs: 1 })).toMatchObject({
    error: 'no_such_message',
  });
});

test('a shortcut opens a modal from anywhere, and one on a message knows which', async () => {
  const view = { type: 'modal' as const, title: plain('Break glass'), blocks: [] };
  const used: unknown[] = [];
  app.shortcut({ type: 'shortcut', callback_id: 'ask' }, async ({ ack, client, shortcut }) => {
    await ack();
    used.push(shortcut);
    await client.views.open({ trigger_id: shortcut.trigger_id, view });
  });
  app.shortcut(
    { type: 'message_action', callback_id: 'ask_here' },
    async ({ ack, respond, shortcut }) => {
      await ack();
      const { channel, message, message_ts: ts } = shortcut;
      used.push({ channel, ts, text: message.text });
      await respond({ text: 'Noted.' });
    },
  );
  await app.start();
  expect(await post(`as/${ANA}/shortcut`, { callbackId: 'ask' })).toEqual({ ok: true });
  await workspace.waitForView(ANA);
  expect(used).toMatchObject([{ type: 'shortcut', callback_id: 'ask', user: { id: ANA } }]);
  expect(used).not.toMatchObject([{ channel: expect.anything() }]);
  const { ts } = workspace.as(BEN).say(GENERAL, 'checkout burns');
  const here = { callbackId: 'ask_here', channel: GENERAL, ts };
  expect(await post(`as/${ANA}/shortcut`, here)).toEqual({ ok: true });
  await workspace.waitForMessage(ANA, ({ text }) => text === 'Noted.');
  expect(used[1]).toEqual({
    channel: { id: GENERAL, name: 'general' },
    ts,
    text: 'checkout burns',
  });
  expect(workspace.as(BEN).messages(GENERAL)).toHaveLength(1);
});

test.for([
  { callbackId: 'ask_here' },
  { callbackId: 'ask', channel: GENERAL, ts: '1.2' },
  { callbackId: 'other' },
])('a shortcut is offered in its own place alone: %j', async (asked) => {
  expect(await post(`as/${ANA}/shortcut`, asked)).toMatchObject({ error: 'no_such_shortcut' });
  expect(workspace.deliveries()).toEqual([]);
});

test('a shortcut that the app does not take is told as such', async () => {
  expect(await post(`as/${ANA}/shortcut`, { callbackId: 'ask' })).toMatchObject({
    ok: false,
    shown: 'This app responded with an error. Try again?',
  });
});

test('a form is filled once it is open, and it is told if none opens', async () => {
  app.command('/breakglass', async ({ ack, client, command }) => {
    await ack();
    await filling;
    await client.views.open({
      trigger_id: command.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'f',
        title: plain('Break glass'),
        submit: plain('Request'),
        blocks: [
          {
            type: 'input',
            block_id: 'reason',
            label: plain('Why?'),
            element: { type: 'plain_text_input', action_id: 'a' },
          },
        ],
      },
    });
  });
  const { promise: filling, resolve: fillSent } = Promise.withResolvers<undefined>();
  await app.start();
  await post(`as/${ANA}/command`, { command: '/breakglass', text: '', channel: GENERAL });
  const filled = post(`as/${ANA}/view/fill`, { values: { reason: 'it burns' } });
  // Its answer comes after the fill has arrived.
  await get('people');
  fillSent(undefined);
  expect(await filled).toMatchObject({ callback_id: 'f' });
});

test('a page of another site cannot act as anybody', async () => {
  const response = await fetch(`${workspace.origin}/driver/as/${ANA}/say`, {
    method: 'POST',
    headers: { ...JSON_TYPE, origin: 'https://elsewhere.test' },
    body: JSON.stringify({ channel: GENERAL, text: 'x' }),
  });
  expect(response.status).toBe(403);
  expect(workspace.as(ANA).messages(GENERAL)).toEqual([]);
});

test('a long poll answers once something happens', async () => {
  const seq = workspace.events().length;
  const poll = get(`events?after=${seq}&timeoutMs=5000`);
  workspace.as(ANA).say(GENERAL, 'now');
  expect(await poll).toMatchObject([{ kind: 'message_posted', message: { text: 'now' } }]);
});

/** Says `x` as Ana with a body that is not sent as it should be; gives the status. */
async function sayBadly(body: string, headers: Record<string, string>): Promise<number> {
  const init = { method: 'POST', headers, body };
  const { status } = await fetch(`${workspace.origin}/driver/as/${ANA}/say`, init);
  expect(workspace.as(ANA).messages(GENERAL)).toEqual([]);
  return status;
}

test('an act is asked for in JSON, which no page elsewhere can send', async () => {
  const body = JSON.stringify({ channel: GENERAL, text: 'x' });
  expect(await sayBadly(body, { 'content-type': 'text/plain' })).toBe(415);
  expect(await sayBadly('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).toBe(415);
  expect(await sayBadly('{', JSON_TYPE)).toBe(400);
  expect(await sayBadly('[]', JSON_TYPE)).toBe(400);
});

test('what is too large is refused whole, and not taken for an act without fields', async () => {
  const text = 'x'.repeat(4 * 1024 * 1024);
  expect(await sayBadly(JSON.stringify({ channel: GENERAL, text }), JSON_TYPE)).toBe(413);
  const init = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ on: false, text }) };
  const response = await fetch(`${workspace.origin}/driver/deliver-twice`, init);
  expect(response.status).toBe(413);
  expect(await response.json()).toEqual({ error: 'too_large' });
});

test.for(['constructor', 'toString', 'hasOwnProperty', '__proto__', 'view/constructor'])(
  'there is no act and no sight by the name of %s',
  async (name) => {
    for (const path of [name, `as/${ANA}/${name}`]) {
      expect(await post(path)).toEqual({ error: 'not_found' });
      expect(await get(path)).toEqual({ error: 'not_found' });
    }
  },
);

test('nobody acts or looks as a bot', async () => {
  const said = await post(`as/${BOT}/say`, { channel: GENERAL, text: 'approved' });
  expect(said).toMatchObject({ error: 'person_is_bot' });
  for (const sight of ['inbox', 'screen', 'feed'])
    expect(await get(`as/${BOT}/${sight}`)).toMatchObject({ error: 'person_is_bot' });
  expect(workspace.as(ANA).messages(GENERAL)).toEqual([]);
});
