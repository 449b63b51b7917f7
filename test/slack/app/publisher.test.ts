import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PublishFailed, type Surface } from '#application/ports/surface';
import { tenantId } from '#domain/ids';
import {
  BOT,
  ELSEWHERE,
  GONE,
  INCIDENTS,
  OTHER_TEAM,
  runningApp,
  SHARED,
  type RunningApp,
} from './running-app.ts';
import { active, ROE, roe, TEAM, TENANT, waiting } from './sample-card.ts';

const channel: Surface = {
  id: 'sf_incident',
  tenant: tenantId('acme'),
  bypass: waiting().bypass,
  kind: 'incident',
  to: { kind: 'channel', team: TEAM, channel: INCIDENTS },
  message: null,
  unanswered: 0,
};
const dm = (user: string, team = TEAM): Surface => ({
  ...channel,
  id: 'sf_dm',
  kind: 'approver',
  to: { kind: 'person', account: { team, user } },
});

describe('publishing', () => {
  let app: RunningApp;
  beforeEach(async () => {
    app = await runningApp('socket');
  });
  afterEach(() => app.close());

  const publish = (surface: Surface, card = waiting()) =>
    app.slack.publisher.publish(surface, { kind: 'incident', card });
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => 'published',
      (error: unknown) =>
        error instanceof PublishFailed ? error : `not PublishFailed: ${String(error)}`,
    );
  const shown = () => app.workspace.as(ROE).messages(INCIDENTS);
  const methods = () => app.workspace.calls().map(({ method }) => method);

  test('a card is posted once and edited from then on', async () => {
    const message = await publish(channel);
    expect(await publish({ ...channel, message }, active())).toEqual(message);
    expect(shown()).toHaveLength(1);
    expect(shown()[0]?.text).toContain('Bypass active');
  });

  test('a page leads to the card, to the app, or nowhere where Slack cannot say', async () => {
    const { links } = app.slack;
    const message = await publish(channel);
    expect(await links.ofMessage(TEAM, message)).toBe(
      `https://acme.slack.com/archives/${INCIDENTS}/p${message.ts.replace('.', '')}`,
    );
    expect(await links.ofMessage(TEAM, { ...message, ts: '1.000000' })).toBeNull();
    expect(await links.ofMessage(OTHER_TEAM, message)).toBeNull();
    const first = await links.ofApp(TEAM);
    expect(first).toMatch(
      new RegExp(`^https://slack\\.com/app_redirect\\?app=A\\w+&team=${TEAM}$`),
    );
    expect(await links.ofApp(TEAM)).toBe(first);
    expect(app.workspace.calls('bots.info')).toHaveLength(1);
    expect(await links.ofApp(OTHER_TEAM)).toBeNull();
  });

  test('links are never unfolded, and metadata is the opaque id alone', async () => {
    await publish(channel);
    const args = app.workspace.calls('chat.postMessage')[0]?.args ?? {};
    expect([args['unfurl_links'], args['unfurl_media']].map(String)).toEqual(['false', 'false']);
    expect(args['link_names']).toBeUndefined();
    expect(JSON.parse(String(args['metadata']))).toEqual({
      event_type: 'breakglass_surface',
      event_payload: { surface: 'sf_incident' },
    });
  });

  test('a thread takes the card, and its channel once the thread is gone', async () => {
    const parent = await publish(channel);
    const to = { kind: 'thread', team: TEAM, channel: INCIDENTS, parent: parent.ts } as const;
    await publish({ ...channel, to });
    expect(shown()[1]?.thread_ts).toBe(parent.ts);
    app.workspace.script({
      method: 'chat.postMessage',
      answer: { kind: 'error', error: 'thread_not_found' },
    });
    const alone = await publish({ ...channel, to });
    expect(shown().find(({ ts }) => ts === alone.ts)?.thread_ts).toBeUndefined();
  });

  test('a conversation is opened once a person', async () => {
    const first = await publish(dm(ROE));
    await publish(dm(ROE));
    expect(first.channel.startsWith('D')).toBe(true);
    expect(methods().filter((one) => one === 'conversations.open')).toHaveLength(1);
    expect(app.workspace.as(ROE).messages(BOT)).toHaveLength(2);
  });

  test.each(['message_not_found', 'edit_window_closed', 'cant_update_message'])(
    '%s: the card is posted anew',
    async (error) => {
      const message = await publish(channel);
      app.workspace.script({ method: 'chat.update', answer: { kind: 'error', error } });
      const anew = await publish({ ...channel, message }, active());
      expect(anew.ts).not.toBe(message.ts);
      expect(shown().at(-1)?.text).toContain('Bypass active');
    },
  );

  test('a conversation that is gone is opened again', async () => {
    const message = await publish(dm(ROE));
    app.workspace.script({
      method: 'chat.update',
      answer: { kind: 'error', error: 'channel_not_found' },
    });
    await publish({ ...dm(ROE), message });
    expect(methods().filter((one) => one === 'conversations.open')).toHaveLength(2);
  });

  test('a rate limit is handed on with its pause, and tried once only', async () => {
    app.workspace.script({
      method: 'chat.postMessage',
      answer: { kind: 'ratelimited', retryAfterSeconds: 7 },
    });
    expect(await failure(publish(channel))).toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 7000,
    });
    expect(methods().filter((one) => one === 'chat.postMessage')).toHaveLength(1);
  });

  test('a rate limit of messages does not hold up answers', async () => {
    app.workspace.script({
      method: 'chat.postMessage',
      answer: { kind: 'ratelimited', retryAfterSeconds: 30 },
    });
    await failure(publish(channel));
    const note = { kind: 'failed', reference: 'r' } as const;
    await app.slack.publisher.tell(
      { team: TEAM, user: ROE },
      { channel: INCIDENTS, ts: '1.1' },
      note,
      TENANT,
    );
    expect(shown().map(({ is_ephemeral }) => is_ephemeral)).toEqual([true]);
  });

  test.each([
    ['a lost answer', { kind: 'drop-after-accept' }],
    ['a broken line', { kind: 'drop-before-accept' }],
    ['a proxy in trouble', { kind: 'http', status: 502 }],
    ['Slack in trouble', { kind: 'error', error: 'internal_error' }],
  ] as const)(
    '%s may have left a message, and is worth another try, later',
    async (_name, answer) => {
      app.workspace.script({ method: 'chat.postMessage', answer });
      expect(await failure(publish(channel))).toMatchObject({ code: 'unanswered' });
      expect(methods().filter((one) => one === 'chat.postMessage')).toHaveLength(1);
    },
  );

  test('what no retry can help is rejected', async () => {
    const elsewhere = { kind: 'channel', team: TEAM, channel: ELSEWHERE } as const;
    expect(await failure(publish({ ...channel, to: elsewhere }))).toMatchObject({
      code: 'rejected',
    });
    expect(await failure(publish(dm(GONE)))).toMatchObject({ code: 'rejected' });
    expect(await failure(publish(dm(ROE, OTHER_TEAM)))).toMatchObject({ code: 'rejected' });
  });

  test('a channel that is shared with another organisation gets no card', async () => {
    const shared = { kind: 'channel', team: TEAM, channel: SHARED } as const;
    expect(await failure(publish({ ...channel, to: shared }))).toMatchObject({ code: 'rejected' });
    expect(methods()).not.toContain('chat.postMessage');
  });

  test('a channel that becomes shared keeps no card, once it is looked at again', async () => {
    const clock = { now: 0 };
    await app.close();
    app = await runningApp('socket', { slack: { clock: () => clock.now } });
    const surface = { ...channel, message: await publish(channel) };
    await publish(surface, active());
    const standing = app.workspace.channels().find(({ id }) => id === INCIDENTS);
    app.workspace.setChannel({
      id: INCIDENTS,
      name: 'incidents',
      members: standing?.members ?? [],
      isExtShared: true,
    });
    await publish(surface);
    expect(shown()[0]?.text).toContain('Bypass asked');
    clock.now += 11 * 60_000;
    expect(await failure(publish(surface, active()))).toMatchObject({ code: 'rejected' });
    expect(shown().map(({ text }) => text)).toEqual([
      expect.stringContaining('shared with another organisation'),
    ]);
  });

  test('while Slack does not say whether a channel is shared, the card waits', async () => {
    app.workspace.script({
      method: 'conversations.info',
      answer: { kind: 'drop-before-accept' },
    });
    expect(await failure(publish(channel))).toMatchObject({ code: 'unavailable' });
    expect(methods()).not.toContain('chat.postMessage');
  });

  test('where the scope to see it is missing, the policy’s word holds', async () => {
    app.workspace.script({
      method: 'conversations.info',
      answer: { kind: 'error', error: 'missing_scope' },
    });
    await publish(channel);
    expect(shown()).toHaveLength(1);
  });

  test('a copy is deleted, or emptied where that is forbidden, and one that is gone is no failure', async () => {
    const own = await publish(channel);
    const copy = await publish(channel);
    const surface = { ...channel, message: own };
    app.workspace.script({
      method: 'chat.delete',
      answer: { kind: 'error', error: 'cant_delete_message' },
    });
    await app.slack.publisher.retract(surface, copy);
    expect(shown().map(({ text }) => text)).toEqual([
      expect.stringContaining('Bypass asked'),
      'This card is kept up to date in another message.',
    ]);
    await app.slack.publisher.retract(surface, copy);
    await app.slack.publisher.retract(surface, copy);
    expect(shown().map(({ ts }) => ts)).toEqual([own.ts]);
  });

  test('an approver’s card is rendered for its viewer', async () => {
    await app.slack.publisher.publish(dm(ROE), { kind: 'approver', card: waiting(), viewer: roe });
    expect(JSON.stringify(app.workspace.as(ROE).messages(BOT))).toContain('You are 1 of 2 needed');
  });
});
