/* oxlint-disable unicorn/require-post-message-target-origin -- Slack's chat.postMessage, not a window's */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWorkspace, type Workspace, type WorkspaceSeed } from '#workspace/workspace';
import type { ChannelOnScreen, Screen } from '#workspace/wire';
import {
  acme,
  ANA,
  BEN,
  BOT,
  clientOf,
  CYD,
  GENERAL,
  GONE,
  INCIDENTS,
  JSON_TYPE,
  plain,
} from './acme.ts';

const PARTNER = 'U0PARTNER1';
const GUEST = 'U0GUEST001';
const SHARED = 'C0SHARED01';

/** The company, with a channel that it shares with another. */
function acmeAndGlobex(): WorkspaceSeed {
  const seed = acme();
  const partner = { id: PARTNER, name: 'xpartner', realName: 'X. Partner', teamId: 'T0GLOBEX01' };
  return {
    ...seed,
    teams: [...seed.teams, { id: 'T0GLOBEX01', name: 'Globex', domain: 'globex' }],
    users: [...seed.users, { ...partner, isStranger: true }],
    channels: [
      ...(seed.channels ?? []),
      { id: SHARED, name: 'bridge', isExtShared: true, members: [ANA, PARTNER, BOT] },
    ],
  };
}

let workspace: Workspace;

beforeEach(async () => {
  workspace = await startWorkspace({
    seed: acmeAndGlobex(),
    commandHints: { '/breakglass': { description: 'Ask', usageHint: '[service]' } },
  });
});

afterEach(() => workspace.close());

async function screen(userId: string): Promise<Screen> {
  return (await (await fetch(`${workspace.origin}/driver/as/${userId}/screen`)).json()) as Screen;
}

async function channel(userId: string, id: string): Promise<ChannelOnScreen | undefined> {
  return (await screen(userId)).channels.find((one) => one.id === id);
}

async function read(userId: string, id: string, ts: string): Promise<void> {
  const body = JSON.stringify({ channel: id, ts });
  await fetch(`${workspace.origin}/driver/as/${userId}/read`, {
    method: 'POST',
    headers: JSON_TYPE,
    body,
  });
}

test('a member sees their channels, their company and those who share a channel', async () => {
  const { me, team, channels, people, app } = await screen(ANA);
  expect(me).toMatchObject({ name: 'Ana Ortiz', standing: 'member', tz: 'Europe/Madrid' });
  expect(team.name).toBe('Acme');
  expect(channels.map(({ name }) => name)).toEqual([
    'general',
    'incidents',
    'random',
    'secret',
    'bridge',
  ]);
  expect(people.map(({ id }) => id)).toEqual(
    expect.arrayContaining([ANA, BEN, CYD, GUEST, BOT, PARTNER, 'USLACKBOT']),
  );
  expect(app?.commands).toEqual([
    { command: '/breakglass', description: 'Ask', usageHint: '[service]' },
  ]);
});

test('a guest sees one channel, and only the people in it', async () => {
  const { me, channels, people } = await screen(GUEST);
  expect(me.standing).toBe('guest');
  expect(channels.map(({ name }) => name)).toEqual(['general']);
  expect(people.map(({ id }) => id)).not.toContain(PARTNER);
});

test('somebody of another company sees the shared channel, and no app of this one', async () => {
  const { me, team, channels, people, app } = await screen(PARTNER);
  expect([me.standing, me.team, team.name]).toEqual(['external', 'Globex', 'Globex']);
  expect(channels).toMatchObject([{ name: 'bridge', sharedWith: ['Acme'] }]);
  expect(people.map(({ id }) => id).toSorted()).toEqual(
    [ANA, BOT, PARTNER, 'USLACKBOT'].toSorted(),
  );
  expect(app).toBeUndefined();
  expect((await channel(ANA, SHARED))?.sharedWith).toEqual(['Globex']);
});

test('everybody is listed as a persona by what they are, but nobody looks as who has left', async () => {
  const { personas } = await screen(ANA);
  const standings = Object.fromEntries(personas.map(({ id, standing }) => [id, standing]));
  expect(standings).toMatchObject({
    [GUEST]: 'guest',
    [GONE]: 'deactivated',
    [PARTNER]: 'external',
  });
  expect(standings).not.toHaveProperty(BOT);
  const refused = await fetch(`${workspace.origin}/driver/as/${GONE}/screen`);
  expect([refused.status, await refused.json()]).toMatchObject([
    409,
    { error: 'person_deactivated' },
  ]);
});

test('a message for one person alone is on no other screen', async () => {
  await clientOf(workspace).chat.postEphemeral({ channel: INCIDENTS, user: BEN, text: 'psst' });
  expect((await channel(BEN, INCIDENTS))?.messages).toMatchObject([
    { text: 'psst', isEphemeral: true },
  ]);
  expect((await channel(ANA, INCIDENTS))?.messages).toEqual([]);
});

test('what came is unread until it was read, and what mentions the reader is counted', async () => {
  workspace.as(ANA).say(GENERAL, 'hello');
  const { ts } = workspace.as(ANA).say(GENERAL, `<@${BEN}> look`);
  workspace.as(CYD).say(GENERAL, 'in a thread', { threadTs: ts });
  expect(await channel(BEN, GENERAL)).toMatchObject({ unread: 2, mentions: 1 });
  expect(await channel(ANA, GENERAL)).toMatchObject({ unread: 0 });
  await read(BEN, GENERAL, ts);
  expect(await channel(BEN, GENERAL)).toMatchObject({ unread: 0, mentions: 0 });
  await read(BEN, GENERAL, '1.0');
  expect(await channel(BEN, GENERAL)).toMatchObject({ unread: 0 });
  expect(await channel(CYD, GENERAL)).toMatchObject({ unread: 2 });
});

test('a direct message with the app is the app’s, and all that is unread there counts', async () => {
  await clientOf(workspace).chat.postMessage({ channel: BEN, text: 'for you' });
  const direct = (await screen(BEN)).channels.find(({ kind }) => kind === 'app');
  expect(direct).toMatchObject({ name: 'Break Glass', unread: 1, mentions: 1 });
  expect((await screen(ANA)).channels.some(({ kind }) => kind === 'app')).toBe(false);
});

test('people write to each other directly, where they may see each other', async () => {
  const direct = async (as: string, user: string): Promise<unknown> => {
    const init = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ user }) };
    return (await fetch(`${workspace.origin}/driver/as/${as}/direct`, init)).json();
  };
  const { channel: id } = (await direct(ANA, BEN)) as { channel: string };
  expect(await direct(BEN, ANA)).toEqual({ channel: id });
  workspace.as(ANA).say(id, 'please look');
  expect(await channel(BEN, id)).toMatchObject({ kind: 'im', name: 'Ana Ortiz', mentions: 1 });
  expect(await channel(ANA, id)).toMatchObject({ kind: 'im', name: 'Ben Okafor', unread: 0 });
  expect(await channel(CYD, id)).toBeUndefined();
  expect(await direct(GUEST, PARTNER)).toMatchObject({ error: 'no_such_person' });
  expect(await direct(ANA, GONE)).toMatchObject({ error: 'no_such_person' });
});

test('the Home tab, the choices in a message and edits are on the screen', async () => {
  const client = clientOf(workspace);
  const home = { type: 'home' as const, blocks: [{ type: 'divider' as const, block_id: 'd' }] };
  await client.views.publish({ user_id: ANA, view: home });
  const options = ['15', '60'].map((value) => ({ text: plain(value), value }));
  const element = { type: 'radio_buttons' as const, action_id: 'ttl', options };
  const blocks = [{ type: 'input' as const, block_id: 'b', label: plain('For'), element }];
  const { ts = '' } = await client.chat.postMessage({ channel: INCIDENTS, text: 'x', blocks });
  await workspace.as(ANA).selectInMessage({ channel: INCIDENTS, ts }, 'ttl', '60');
  const { app, channels } = await screen(ANA);
  expect(app?.home?.blocks).toMatchObject([{ type: 'divider' }]);
  const card = channels.find(({ id }) => id === INCIDENTS)?.messages[0];
  expect(card?.values['b']?.['ttl']).toMatchObject({ selected_option: { value: '60' } });
  expect(card?.isEdited).toBe(false);
  await client.chat.update({ channel: INCIDENTS, ts, text: 'said again' });
  expect((await channel(ANA, INCIDENTS))?.messages).toMatchObject([{ isEdited: true, blocks: [] }]);
});
