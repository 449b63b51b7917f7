import type { ModalView } from '@slack/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWorkspace, type Workspace } from '#workspace/workspace';
import { acme, ANA, boltOverSockets, clientOf, GENERAL, plain, refusal, section } from './acme.ts';

let workspace: Workspace;
let app: ReturnType<typeof boltOverSockets>;
const clock = { ms: Date.UTC(2026, 10, 2, 2, 0, 0), now: () => clock.ms };
const triggers: string[] = [];

beforeEach(async () => {
  workspace = await startWorkspace({ seed: acme(), clock });
  triggers.length = 0;
  app = boltOverSockets(workspace);
  app.command('/breakglass', async ({ ack, command }) => {
    triggers.push(command.trigger_id);
    await ack();
  });
  await app.start();
});

afterEach(async () => {
  await app.stop();
  await workspace.close();
});

const input = {
  type: 'input' as const,
  block_id: 'b',
  label: plain('B'),
  element: { type: 'plain_text_input' as const, action_id: 'a' },
};

function modal(fields: Partial<ModalView> = {}): ModalView {
  return { type: 'modal', title: plain('T'), submit: plain('Go'), blocks: [input], ...fields };
}

/** A trigger from a slash command, as fresh as they come. */
async function freshTrigger(): Promise<string> {
  await workspace.as(ANA).command('/breakglass', '', GENERAL);
  return triggers.at(-1) ?? '';
}

test('a trigger lives for three seconds', async () => {
  const client = clientOf(workspace);
  const inTime = await freshTrigger();
  clock.ms += 3000;
  expect(await client.views.open({ trigger_id: inTime, view: modal() })).toMatchObject({
    ok: true,
  });
  const late = await freshTrigger();
  clock.ms += 3001;
  const open = client.views.open({ trigger_id: late, view: modal() });
  expect((await refusal(open)).error).toBe('expired_trigger_id');
});

test('a trigger serves once, and one that was made up never', async () => {
  const client = clientOf(workspace);
  const trigger_id = await freshTrigger();
  await client.views.open({ trigger_id, view: modal() });
  const again = client.views.open({ trigger_id, view: modal() });
  expect((await refusal(again)).error).toBe('exchanged_trigger_id');
  const guess = client.views.open({ trigger_id: '1.2.abc', view: modal() });
  expect((await refusal(guess)).error).toBe('invalid_trigger_id');
});

test('a view that Slack refuses leaves its trigger unused', async () => {
  const client = clientOf(workspace);
  const trigger_id = await freshTrigger();
  const bad = client.views.open({ trigger_id, view: modal({ title: plain('x'.repeat(25)) }) });
  expect(await refusal(bad)).toMatchObject({
    error: 'invalid_arguments',
    messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
  });
  await client.views.open({ trigger_id, view: modal() });
});

test('updates with an old hash conflict, and inputs keep what was entered', async () => {
  const client = clientOf(workspace);
  const { view } = await client.views.open({ trigger_id: await freshTrigger(), view: modal() });
  workspace.as(ANA).fillView({ b: 'typed before' });
  const view_id = String(view?.id);
  const changed = modal({ blocks: [section('new'), input] });
  await client.views.update({ view_id, hash: String(view?.hash), view: changed });
  const stale = client.views.update({ view_id, hash: String(view?.hash), view: modal() });
  expect((await refusal(stale)).error).toBe('hash_conflict');
  const shown = workspace.as(ANA).openView();
  expect(shown?.blocks).toHaveLength(2);
  expect(shown?.state.values['b']?.['a']).toMatchObject({ value: 'typed before' });
});

test('a closed view cannot be updated', async () => {
  const client = clientOf(workspace);
  const { view } = await client.views.open({ trigger_id: await freshTrigger(), view: modal() });
  await workspace.as(ANA).closeView();
  const update = client.views.update({ view_id: String(view?.id), view: modal() });
  expect((await refusal(update)).error).toBe('not_found');
});

test('three views stack at most, and close one by one', async () => {
  let depth = 1;
  app.action('deeper', async ({ ack, client, body }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    depth += 1;
    const push = client.views.push({ trigger_id: body.trigger_id, view: deeper(depth) });
    if (depth > 3) expect((await refusal(push)).error).toBe('push_limit_reached');
    else await push;
    workspace.as(ANA).say(GENERAL, `pushed ${depth}`);
  });
  const client = clientOf(workspace);
  await client.views.open({ trigger_id: await freshTrigger(), view: deeper(1) });
  const ana = workspace.as(ANA);
  for (const next of [2, 3, 4]) {
    await ana.pressInView('Deeper');
    await workspace.waitForMessage(ANA, ({ text }) => text === `pushed ${next}`);
  }
  expect(ana.openView()?.title).toMatchObject({ text: 'Depth 3' });
  await ana.closeView();
  expect(ana.openView()?.title).toMatchObject({ text: 'Depth 2' });
});

function deeper(depth: number): ModalView {
  const button = { type: 'button' as const, action_id: 'deeper', text: plain('Deeper') };
  return modal({
    title: plain(`Depth ${depth}`),
    blocks: [{ type: 'actions', elements: [button] }],
  });
}

test('a trigger from outside a modal cannot push', async () => {
  const push = clientOf(workspace).views.push({ trigger_id: await freshTrigger(), view: modal() });
  expect((await refusal(push)).error).toBe('invalid_trigger_id');
});

test('answers to a submission update, push and clear', async () => {
  const answers = [
    { response_action: 'update' as const, view: modal({ callback_id: 'f', title: plain('U') }) },
    { response_action: 'push' as const, view: modal({ callback_id: 'f', title: plain('P') }) },
    { response_action: 'clear' as const },
  ];
  app.view('f', async ({ ack }) => {
    const answer = answers.shift();
    if (answer) await ack(answer);
  });
  const client = clientOf(workspace);
  const ana = workspace.as(ANA);
  await client.views.open({ trigger_id: await freshTrigger(), view: modal({ callback_id: 'f' }) });
  ana.fillView({ b: 'x' });
  expect(await ana.submitView()).toMatchObject({ view: { title: { text: 'U' } } });
  expect(await ana.submitView()).toMatchObject({ view: { title: { text: 'P' } } });
  ana.fillView({ B: 'y' });
  expect(await ana.submitView()).toEqual({ closed: true });
  expect(ana.openView()).toBeUndefined();
});

test('errors for a block that is not an input are trouble for the person', async () => {
  app.view('f', async ({ ack }) => ack({ response_action: 'errors', errors: { nowhere: 'no' } }));
  const client = clientOf(workspace);
  await client.views.open({ trigger_id: await freshTrigger(), view: modal({ callback_id: 'f' }) });
  const ana = workspace.as(ANA);
  ana.fillView({ b: 'x' });
  expect(await ana.submitView()).toMatchObject({
    failed: { error: 'invalid_response', details: ['no input block: nowhere'] },
  });
  expect(ana.openView()).toBeDefined();
});

test('an input that dispatches tells the app at once, with what the view holds', async () => {
  const heard: unknown[] = [];
  app.action('a', async ({ ack, body, payload }) => {
    await ack();
    if (body.type === 'block_actions') heard.push([payload, body.view?.state.values['b']?.['a']]);
  });
  const dispatching = modal({ blocks: [{ ...input, dispatch_action: true }] });
  await clientOf(workspace).views.open({ trigger_id: await freshTrigger(), view: dispatching });
  await workspace.as(ANA).changeInput('a', 'x');
  expect(heard).toMatchObject([[{ action_id: 'a', value: 'x' }, { value: 'x' }]]);
});

test('a view that asked to hear of its closing does', async () => {
  const closed: string[] = [];
  app.view({ type: 'view_closed', callback_id: 'f' }, async ({ ack, body }) => {
    closed.push(body.user.id);
    await ack();
  });
  const view = modal({ callback_id: 'f', notify_on_close: true });
  await clientOf(workspace).views.open({ trigger_id: await freshTrigger(), view });
  await workspace.as(ANA).closeView();
  expect(closed).toEqual([ANA]);
});

test('a Home tab is published and published over', async () => {
  const client = clientOf(workspace);
  const home = (text: string) => ({ type: 'home' as const, blocks: [section(text)] });
  const { view } = await client.views.publish({ user_id: ANA, view: home('one') });
  await client.views.publish({ user_id: ANA, hash: String(view?.hash), view: home('two') });
  const stale = client.views.publish({ user_id: ANA, hash: String(view?.hash), view: home('x') });
  expect((await refusal(stale)).error).toBe('hash_conflict');
  expect(workspace.as(ANA).homeView()?.blocks).toMatchObject([section('two')]);
});

test('a response URL ends after thirty minutes', async () => {
  let url = '';
  app.command('/breakglass', ({ command }) => {
    url = command.response_url;
    return Promise.resolve();
  });
  await freshTrigger();
  clock.ms += 30 * 60_000;
  const answer = (text: string) =>
    fetch(url, {
      method: 'POST',
      body: JSON.stringify({ text }),
      headers: { 'content-type': 'application/json' },
    });
  expect((await answer('in time')).status).toBe(200);
  clock.ms += 1;
  const late = await answer('late');
  expect(late.status).toBe(404);
  expect(await late.json()).toMatchObject({ error: 'expired_url' });
});
