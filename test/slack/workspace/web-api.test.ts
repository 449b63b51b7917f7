/* oxlint-disable unicorn/require-post-message-target-origin -- Slack's chat.postMessage, not a window's */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWorkspace, type Workspace } from '#workspace/workspace';
import { acme, ANA, APP_TOKEN, BEN, BOT, clientOf, CYD, GENERAL, GONE } from './acme.ts';
import { INCIDENTS, LEADS, plain, refusal, SECRET, section, WITHOUT_BOT } from './acme.ts';

let workspace: Workspace;

beforeEach(async () => {
  workspace = await startWorkspace({ seed: acme() });
});

afterEach(() => workspace.close());

/** A workspace like the first, with further scopes granted. */
async function withScopes(...scopes: string[]) {
  await workspace.close();
  const granted = [...acme().app.scopes, ...scopes];
  workspace = await startWorkspace({ seed: acme({ scopes: granted }) });
  return clientOf(workspace);
}

test('a call without a token, with an unknown one or with the wrong kind is refused', async () => {
  expect((await refusal(clientOf(workspace, {}, '').auth.test())).error).toBe('not_authed');
  const stranger = clientOf(workspace, {}, 'xoxb-unknown');
  expect((await refusal(stranger.auth.test())).error).toBe('invalid_auth');
  const appLevel = clientOf(workspace, {}, APP_TOKEN);
  const post = appLevel.chat.postMessage({ channel: GENERAL, text: 'x' });
  expect((await refusal(post)).error).toBe('not_allowed_token_type');
  expect((await refusal(clientOf(workspace).apps.connections.open({}))).error).toBe(
    'not_allowed_token_type',
  );
});

test('an unknown method says so', async () => {
  expect((await refusal(clientOf(workspace).apiCall('chat.teleport'))).error).toBe(
    'unknown_method',
  );
});

test('auth.test says who the bot is and where', async () => {
  expect(await clientOf(workspace).auth.test()).toMatchObject({
    ok: true,
    user_id: BOT,
    team_id: 'T0ACME0001',
    url: 'https://acme.slack.com/',
  });
});

test('a missing scope is named beside those that were granted', async () => {
  const refused = await refusal(clientOf(workspace).usergroups.users.list({ usergroup: LEADS }));
  expect(refused).toMatchObject({
    error: 'missing_scope',
    needed: 'usergroups:read',
    provided: 'commands,chat:write,im:write,users:read',
  });
  const allowed = await withScopes('usergroups:read');
  const { users } = await allowed.usergroups.users.list({ usergroup: LEADS });
  expect(users).toEqual([BEN, CYD]);
});

test('mail addresses are shown only with their scope', async () => {
  const { user } = await clientOf(workspace).users.info({ user: ANA });
  expect(user).toMatchObject({ id: ANA, real_name: 'Ana Ortiz', tz: 'Europe/Madrid' });
  expect(user?.profile?.email).toBeUndefined();
  const allowed = await withScopes('users:read.email');
  expect((await allowed.users.info({ user: ANA })).user?.profile?.email).toBe('ana@acme.test');
  expect((await allowed.users.lookupByEmail({ email: 'BEN@acme.test' })).user?.id).toBe(BEN);
  const unknown = await refusal(allowed.users.lookupByEmail({ email: 'no@acme.test' }));
  expect(unknown.error).toBe('users_not_found');
});

test.each([
  ['a channel that does not exist', 'C0NOTHERE1', 'channel_not_found'],
  ['a private channel it is not in', SECRET, 'channel_not_found'],
  ['a public channel it is not in', WITHOUT_BOT, 'not_in_channel'],
  ['a person who left', GONE, 'channel_not_found'],
  ['itself', BOT, 'channel_not_found'],
])('the bot cannot post to %s', async (_, channel, error) => {
  const post = clientOf(workspace).chat.postMessage({ channel, text: 'x' });
  expect((await refusal(post)).error).toBe(error);
});

test('with chat:write.public the bot posts to public channels it is not in', async () => {
  const client = await withScopes('chat:write.public');
  expect(await client.chat.postMessage({ channel: WITHOUT_BOT, text: 'x' })).toMatchObject({
    ok: true,
  });
});

test('a message needs content, and not too much of it', async () => {
  const client = clientOf(workspace);
  const empty = client.chat.postMessage({ channel: GENERAL, text: '' });
  expect((await refusal(empty)).error).toBe('no_text');
  const long = client.chat.postMessage({ channel: GENERAL, text: 'x'.repeat(40_001) });
  expect((await refusal(long)).error).toBe('msg_too_long');
  const { ts } = await client.chat.postMessage({ channel: GENERAL, text: 'x' });
  const update = client.chat.update({ channel: GENERAL, ts: String(ts), text: 'x'.repeat(4001) });
  expect((await refusal(update)).error).toBe('msg_too_long');
});

test('invalid blocks are refused with the place of each fault', async () => {
  const post = clientOf(workspace).chat.postMessage({
    channel: GENERAL,
    text: 'x',
    blocks: [section('x'.repeat(3001)), { type: 'header', text: plain('') }],
  });
  expect(await refusal(post)).toMatchObject({
    error: 'invalid_blocks',
    messages: [
      '[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
      '[ERROR] must be more than 0 characters [json-pointer:/blocks/1/text/text]',
    ],
  });
  const raw = clientOf(workspace).apiCall('chat.postMessage', { channel: GENERAL, blocks: '[{' });
  expect((await refusal(raw)).error).toBe('invalid_blocks_format');
});

test('text comes back as it was posted, and metadata is taken', async () => {
  const text = 'a &lt;b&gt; &amp; <@U0ANA00001>';
  const metadata = { event_type: 'request', event_payload: { id: 'r1' } };
  const { message } = await clientOf(workspace).chat.postMessage({
    channel: GENERAL,
    text,
    metadata,
  });
  expect(message).toMatchObject({ text, metadata });
});

test('timestamps are unique and grow, in the form that Slack gives them', async () => {
  const client = clientOf(workspace);
  const posts = Array.from({ length: 20 }, (_, n) =>
    client.chat.postMessage({ channel: GENERAL, text: String(n) }),
  );
  const timestamps = (await Promise.all(posts)).map(({ ts }) => String(ts));
  expect(new Set(timestamps).size).toBe(20);
  for (const ts of timestamps) expect(ts).toMatch(/^\d{10}\.\d{6}$/);
  const seen = workspace
    .as(ANA)
    .messages(GENERAL)
    .map(({ ts }) => Number(ts));
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
});

test('an update with text alone removes the blocks, one without text keeps it', async () => {
  const client = clientOf(workspace);
  const { ts } = await client.chat.postMessage({
    channel: GENERAL,
    text: 'first',
    blocks: [section('first')],
  });
  const ref = { channel: GENERAL, ts: String(ts) };
  await client.apiCall('chat.update', { ...ref, blocks: [section('second')] });
  expect(workspace.as(ANA).messages(GENERAL)).toMatchObject([
    { text: 'first', blocks: [section('second')] },
  ]);
  await client.chat.update({ ...ref, text: 'third' });
  const [message] = workspace.as(ANA).messages(GENERAL);
  expect(message).toMatchObject({ text: 'third', edited: { user: BOT } });
  expect(message?.blocks).toBeUndefined();
});

test('only its own, existing, lasting messages can be changed or deleted', async () => {
  const client = clientOf(workspace);
  const anas = workspace.as(ANA).say(GENERAL, 'mine');
  const change = { channel: GENERAL, text: 'x' };
  const others = await refusal(client.chat.update({ ...change, ts: anas.ts }));
  expect(others.error).toBe('cant_update_message');
  expect((await refusal(client.chat.delete({ channel: GENERAL, ts: anas.ts }))).error).toBe(
    'cant_delete_message',
  );
  const none = await refusal(client.chat.update({ ...change, ts: '1700000000.000100' }));
  expect(none.error).toBe('message_not_found');
  const alone = await client.chat.postEphemeral({ channel: GENERAL, user: ANA, text: 'psst' });
  const hidden = client.chat.update({ ...change, ts: String(alone.message_ts) });
  expect((await refusal(hidden)).error).toBe('message_not_found');
});

test('chat.update takes the id of a direct message, not that of a person', async () => {
  const client = clientOf(workspace);
  const { ts, channel } = await client.chat.postMessage({ channel: BEN, text: 'x' });
  const byUser = client.chat.update({ channel: BEN, ts: String(ts), text: 'y' });
  expect((await refusal(byUser)).error).toBe('channel_not_found');
  await client.chat.update({ channel: String(channel), ts: String(ts), text: 'y' });
  expect(workspace.as(BEN).messages(BOT)).toMatchObject([{ text: 'y' }]);
});

test('an ephemeral message is seen by one person, who must be in the channel', async () => {
  const client = clientOf(workspace);
  await client.chat.postEphemeral({ channel: GENERAL, user: ANA, text: 'psst' });
  expect(workspace.as(ANA).messages(GENERAL)).toMatchObject([{ text: 'psst' }]);
  expect(workspace.as(BEN).messages(GENERAL)).toEqual([]);
  const outsider = client.chat.postEphemeral({ channel: INCIDENTS, user: GONE, text: 'psst' });
  expect((await refusal(outsider)).error).toBe('user_not_in_channel');
});

test('a direct message is opened once, and never with a bot or somebody who left', async () => {
  const client = clientOf(workspace);
  const first = await client.conversations.open({ users: BEN });
  const again = await client.conversations.open({ users: BEN });
  expect(again.channel?.id).toBe(first.channel?.id);
  expect(again).toMatchObject({ already_open: true });
  expect((await refusal(client.conversations.open({ users: GONE }))).error).toBe('user_disabled');
  expect((await refusal(client.conversations.open({ users: BOT }))).error).toBe('cannot_dm_bot');
  expect((await refusal(client.conversations.open({ users: 'U0NOBODY01' }))).error).toBe(
    'user_not_found',
  );
});

test('conversations are shown by the scope of their kind', async () => {
  const refused = await refusal(clientOf(workspace).conversations.info({ channel: GENERAL }));
  expect(refused.error).toBe('missing_scope');
  const client = await withScopes('channels:read', 'channels:history');
  const { channel } = await client.conversations.info({ channel: GENERAL });
  expect(channel).toMatchObject({ name: 'general', is_member: true, is_ext_shared: false });
  const { channels } = await client.conversations.list({});
  expect(channels?.map(({ name }) => name)).toEqual(['general', 'incidents', 'random']);
  const groups = await refusal(client.conversations.list({ types: 'private_channel' }));
  expect(groups).toMatchObject({ error: 'missing_scope', needed: 'groups:read' });
  const { members } = await client.conversations.members({ channel: GENERAL, limit: 2 });
  expect(members).toEqual([ANA, BEN]);
});

test('threads and history are read back, newest first at the top level', async () => {
  const client = await withScopes('channels:history');
  const { ts } = await client.chat.postMessage({ channel: GENERAL, text: 'card' });
  await client.chat.postMessage({ channel: GENERAL, text: 'reply', thread_ts: String(ts) });
  await client.chat.postMessage({ channel: GENERAL, text: 'later' });
  const { messages } = await client.conversations.history({ channel: GENERAL });
  expect(messages?.map(({ text }) => text)).toEqual(['later', 'card']);
  const thread = await client.conversations.replies({ channel: GENERAL, ts: String(ts) });
  expect(thread.messages?.map(({ text }) => text)).toEqual(['card', 'reply']);
});

test('a permalink names the team, the channel and the message', async () => {
  const client = clientOf(workspace);
  const { ts } = await client.chat.postMessage({ channel: GENERAL, text: 'x' });
  const { permalink } = await client.chat.getPermalink({
    channel: GENERAL,
    message_ts: String(ts),
  });
  const digits = String(ts).replace('.', '');
  expect(permalink).toBe(`https://acme.slack.com/archives/${GENERAL}/p${digits}`);
});

test('the log of calls has arguments and answers, and no token', async () => {
  await clientOf(workspace).chat.postMessage({
    channel: GENERAL,
    text: 'x',
    token: 'xoxb-acme-bot',
  });
  const [call] = workspace.calls();
  expect(call).toMatchObject({ method: 'chat.postMessage', args: { text: 'x' }, status: 200 });
  expect(JSON.stringify(workspace.calls())).not.toContain('xoxb-');
});

test('a JSON body serves as well as a form', async () => {
  const response = await fetch(`${workspace.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer xoxb-acme-bot' },
    body: JSON.stringify({ channel: GENERAL, text: 'x', blocks: [section('x')] }),
  });
  expect(await response.json()).toMatchObject({ ok: true, message: { text: 'x' } });
});

test('the same app in two teams keeps their people and channels apart', async () => {
  const seed = acme();
  seed.teams.push({ id: 'T0OTHER001', name: 'Other', domain: 'other' });
  seed.users.push({ id: 'U0ZOE00001', teamId: 'T0OTHER001', name: 'zoe', realName: 'Zoe' });
  seed.app.installations = [
    {
      teamId: 'T0OTHER001',
      botUserId: 'U0BOT00002',
      botToken: 'xoxb-other',
      scopes: ['chat:write', 'users:read'],
    },
  ];
  await workspace.close();
  workspace = await startWorkspace({ seed });
  const other = clientOf(workspace, {}, 'xoxb-other');
  expect(await other.auth.test()).toMatchObject({ team_id: 'T0OTHER001', user_id: 'U0BOT00002' });
  expect((await refusal(other.users.info({ user: ANA }))).error).toBe('user_not_visible');
  const post = other.chat.postMessage({ channel: GENERAL, text: 'x' });
  expect((await refusal(post)).error).toBe('channel_not_found');
});
