/* oxlint-disable unicorn/require-post-message-target-origin -- Slack's chat.postMessage, not a window's */
import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { renderMessageText, startWorkspace, type Workspace } from '#workspace/workspace';
import {
  acme,
  ANA,
  BEN,
  BOT,
  boltOverSockets,
  APP_TOKEN,
  BOT_TOKEN,
  clientOf,
  CYD,
  GENERAL,
  INCIDENTS,
} from './acme.ts';
import { plain, section } from './acme.ts';

let workspace: Workspace;
let app: App;

beforeEach(async () => {
  workspace = await startWorkspace({ seed: acme() });
  app = boltOverSockets(workspace);
});

afterEach(async () => {
  await app.stop();
  await workspace.close();
});

const form = {
  type: 'modal',
  callback_id: 'request',
  title: plain('Break glass'),
  submit: plain('Request'),
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: plain('Why?'),
      element: { type: 'plain_text_input', action_id: 'text', min_length: 5 },
    },
    {
      type: 'input',
      block_id: 'ttl',
      label: plain('For how long?'),
      element: {
        type: 'static_select',
        action_id: 'choice',
        options: [
          { text: plain('15 minutes'), value: '900' },
          { text: plain('1 hour'), value: '3600' },
        ],
      },
    },
  ],
} satisfies ModalView;

function cardFor(text: string) {
  return [
    section(text),
    {
      type: 'actions' as const,
      block_id: 'decide',
      elements: [
        {
          type: 'button' as const,
          action_id: 'approve',
          text: plain('Approve'),
          value: 'request-1',
          confirm: {
            title: plain('Approve?'),
            text: plain('The gate opens.'),
            confirm: plain('Approve'),
            deny: plain('Back'),
          },
        },
      ],
    },
  ];
}

test('a command opens a form, errors come back to it, and what it posts can be pressed', async () => {
  const approvedBy: string[] = [];
  app.command('/breakglass', async ({ ack, client, body }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: form });
  });
  app.view('request', async ({ ack, view, client }) => {
    const reason = view.state.values['reason']?.['text']?.value ?? '';
    if (reason.includes('because')) {
      await ack({ response_action: 'errors', errors: { reason: 'Say what is broken.' } });
      return;
    }
    await ack();
    await client.chat.postMessage({ channel: INCIDENTS, text: reason, blocks: cardFor(reason) });
  });
  app.action('approve', async ({ ack, body, client }) => {
    await ack();
    approvedBy.push(body.user.id);
    if (body.type !== 'block_actions' || !body.message) throw new Error('Not from a message.');
    const text = `Approved by ${approvedBy.map((id) => `<@${id}>`).join(' and ')}`;
    const blocks = approvedBy.length < 2 ? cardFor(text) : [section(text)];
    await client.chat.update({ channel: INCIDENTS, ts: body.message['ts'], text, blocks });
  });
  await app.start();
  const [ana, ben, cyd] = [workspace.as(ANA), workspace.as(BEN), workspace.as(CYD)];

  expect(await ana.command('/breakglass', '', GENERAL)).toEqual({ ok: true });
  await workspace.waitForView(ANA);
  expect(await ana.submitView()).toEqual({
    errors: {
      reason: 'Please complete this required field.',
      ttl: 'Please complete this required field.',
    },
  });
  ana.fillView({ reason: 'just because', 'For how long?': '1 hour' });
  expect(await ana.submitView()).toEqual({ errors: { reason: 'Say what is broken.' } });
  ana.fillView({ text: 'checkout is down' });
  expect(await ana.submitView()).toEqual({ closed: true });
  expect(ana.openView()).toBeUndefined();

  const card = await workspace.waitForMessage(BEN, ({ text }) => text === 'checkout is down');
  expect(renderMessageText(card)).toBe('checkout is down\n[Approve]');
  const [first, second] = await Promise.all([
    ben.press(card, 'Approve'),
    cyd.press(card, 'approve', { value: 'request-1' }),
  ]);
  expect(first).toMatchObject({ ok: true, confirm: { title: 'Approve?', deny: 'Back' } });
  expect(second).toMatchObject({ ok: true });

  const done = await workspace.waitForMessage(ANA, ({ text }) => text.includes(' and '));
  expect(done.ts).toBe(card.ts);
  expect(approvedBy.toSorted()).toEqual([BEN, CYD]);
  expect(workspace.calls('chat.postMessage')).toHaveLength(1);
});

test('a dialog that is not confirmed reaches nobody', async () => {
  await app.start();
  const { ts } = await app.client.chat.postMessage({
    token: BOT_TOKEN,
    channel: INCIDENTS,
    text: 'x',
    blocks: cardFor('x'),
  });
  const ref = { channel: INCIDENTS, ts: String(ts) };
  expect(await workspace.as(BEN).press(ref, 'Approve', { confirm: false })).toMatchObject({
    ok: true,
    dismissed: true,
  });
  expect(workspace.deliveries()).toEqual([]);
});

test('an answer in the acknowledgement is seen by the person who asked, alone', async () => {
  app.command('/breakglass', async ({ ack, command }) => {
    await ack({ text: `You said ${command.text}` });
  });
  await app.start();
  const result = await workspace.as(ANA).command('/breakglass', ' help ', GENERAL);
  expect(result).toMatchObject({ ok: true, reply: { text: 'You said help', is_ephemeral: true } });
  expect(workspace.as(ANA).inbox()).toHaveLength(1);
  expect(workspace.as(BEN).inbox()).toEqual([]);
});

test('a response URL serves five times', async () => {
  const statuses: number[] = [];
  app.command('/breakglass', async ({ ack, respond }) => {
    await ack();
    for (let n = 1; n <= 6; n += 1) {
      const use = respond({ text: `answer ${n}`, response_type: 'ephemeral' });
      await use.then(
        () => statuses.push(200),
        (error: { status?: number }) => statuses.push(error.status ?? 0),
      );
    }
    workspace.as(ANA).say(GENERAL, 'all used');
  });
  await app.start();
  await workspace.as(ANA).command('/breakglass', '', GENERAL);
  await workspace.waitForMessage(BEN, ({ text }) => text === 'all used');
  expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
  expect(statuses).toHaveLength(6);
  expect(workspace.calls('response_url').at(-1)).toMatchObject({
    status: 404,
    result: { error: 'used_url' },
  });
});

test.each([
  ['replaces', { replace_original: true, text: 'changed' }, ['changed']],
  ['deletes', { delete_original: true, text: '' }, []],
  ['answers beside', { text: 'only you' }, ['x', 'only you']],
])('a response URL %s what was pressed', async (_, answer, seenByBen) => {
  app.action('approve', async ({ ack, respond }) => {
    await ack();
    await respond(answer);
    workspace.as(ANA).say(GENERAL, 'answered');
  });
  await app.start();
  const client = clientOf(workspace);
  const card = { channel: INCIDENTS, text: 'x', blocks: cardFor('x') };
  const { ts } = await client.chat.postMessage(card);
  const alone = await client.chat.postEphemeral({ ...card, user: BEN });
  const ben = workspace.as(BEN);
  const texts = (): string[] => ben.messages(INCIDENTS).map(({ text }) => text);
  for (const pressed of [ts, alone.message_ts]) {
    const { length } = workspace.events();
    await ben.press({ channel: INCIDENTS, ts: String(pressed) }, 'Approve');
    await workspace.waitFor(
      (change) => change.kind === 'message_posted' && change.message.text === 'answered',
      { afterSeq: length },
    );
  }
  expect(new Set(texts())).toEqual(new Set(seenByBen));
});

test('ten sockets are held at most, and a ticket admits one', async () => {
  const url = async (): Promise<string> => {
    const opened = await clientOf(workspace, {}, APP_TOKEN).apps.connections.open({});
    return String(opened.url);
  };
  const first = async (socket: WebSocket): Promise<unknown> => {
    const [data] = (await once(socket, 'message')) as [Buffer];
    return JSON.parse(data.toString('utf8'));
  };
  for (let n = 1; n <= 10; n += 1) {
    const hello = await first(new WebSocket(await url()));
    expect(hello).toMatchObject({ type: 'hello', num_connections: n });
  }
  const eleventh = await first(new WebSocket(await url()));
  expect(eleventh).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
  const [refused] = (await once(
    new WebSocket((await url()).replace(/ticket=[^&]+/, 'ticket=x')),
    'error',
  )) as [Error];
  expect(refused.message).toContain('401');
});

test('without a socket the person is told so, and hears nothing else', async () => {
  const result = await workspace.as(ANA).command('/breakglass', '', GENERAL);
  expect(result).toMatchObject({ ok: false, error: 'dispatch_failed' });
  const [told] = workspace.as(ANA).inbox();
  expect(told).toMatchObject({ user: 'USLACKBOT', is_ephemeral: true });
  expect(told?.text).toBe('/breakglass failed with the error "dispatch_failed"');
});

test('an app that does not acknowledge in time fails the command', async () => {
  const slow = await startWorkspace({ seed: acme(), ackTimeoutMs: 50 });
  const silent = boltOverSockets(slow);
  silent.command('/breakglass', () => Promise.resolve());
  await silent.start();
  expect(await slow.as(ANA).command('/breakglass', '', GENERAL)).toMatchObject({
    ok: false,
    error: 'operation_timeout',
  });
  await silent.stop();
  await slow.close();
});

test('a choice in a message stands in the state of the press that follows', async () => {
  const seen: unknown[] = [];
  app.action('ttl', async ({ ack }) => ack());
  app.action('approve', async ({ ack, body }) => {
    await ack();
    if (body.type === 'block_actions') seen.push(body.state?.values['choose']?.['ttl']);
  });
  await app.start();
  const options = [
    { text: plain('15 minutes'), value: '900' },
    { text: plain('1 hour'), value: '3600' },
  ];
  const { ts } = await app.client.chat.postMessage({
    channel: INCIDENTS,
    text: 'x',
    blocks: [
      {
        type: 'actions',
        block_id: 'choose',
        elements: [
          { type: 'static_select', action_id: 'ttl', options, placeholder: plain('How long?') },
        ],
      },
      ...cardFor('x'),
    ],
  });
  const ref = { channel: INCIDENTS, ts: String(ts) };
  await workspace.as(BEN).selectInMessage(ref, 'ttl', '1 hour');
  await workspace.as(BEN).press(ref, 'Approve');
  await workspace.as(CYD).press(ref, 'Approve');
  expect(seen).toMatchObject([
    { type: 'static_select', selected_option: { value: '3600' } },
    { type: 'static_select', selected_option: null },
  ]);
});

test('a repeated delivery runs the listener twice', async () => {
  let runs = 0;
  app.command('/breakglass', async ({ ack }) => {
    runs += 1;
    await ack();
  });
  await app.start();
  workspace.deliverTwice();
  await workspace.as(ANA).command('/breakglass', '', GENERAL);
  await workspace.settled();
  expect(runs).toBe(2);
  workspace.deliverTwice(false);
  await workspace.redeliver();
  expect(runs).toBe(3);
  const ids = workspace.deliveries().map(({ envelope }) => envelope.id);
  expect(new Set(ids).size).toBe(1);
});

test('payloads go to the connections in turn', async () => {
  const took: string[] = [];
  const other = boltOverSockets(workspace);
  for (const [name, one] of [
    ['first', app],
    ['second', other],
  ] as const) {
    one.command('/breakglass', async ({ ack }) => {
      took.push(name);
      await ack();
    });
    await one.start();
  }
  for (let n = 0; n < 4; n += 1) await workspace.as(ANA).command('/breakglass', '', GENERAL);
  expect(took).toEqual(['first', 'second', 'first', 'second']);
  await other.stop();
});

test('a client that is asked to reconnect comes back', async () => {
  app.command('/breakglass', async ({ ack }) => ack());
  await app.start();
  const before = workspace.events().length;
  workspace.disconnectSockets();
  await workspace.waitFor(({ kind }) => kind === 'socket_closed', { afterSeq: before });
  await workspace.waitForSockets(1, { timeoutMs: 20_000 });
  expect(await workspace.as(ANA).command('/breakglass', '', GENERAL)).toEqual({ ok: true });
});

test('a message to a person opens a direct message with them', async () => {
  await app.start();
  const { channel } = await app.client.chat.postMessage({ channel: BEN, text: 'wake up' });
  expect(channel).toMatch(/^D/);
  expect(workspace.as(BEN).messages(BOT)).toMatchObject([{ text: 'wake up', channel }]);
  expect(workspace.as(CYD).inbox()).toEqual([]);
});

test('events reach the listeners that Bolt has for them', async () => {
  const opened: string[] = [];
  app.event('app_home_opened', ({ event }) => {
    opened.push(event.user);
    return Promise.resolve();
  });
  await app.start();
  await workspace.sendEvent({ type: 'app_home_opened', user: ANA, tab: 'home', channel: 'D0' });
  expect(opened).toEqual([ANA]);
});
