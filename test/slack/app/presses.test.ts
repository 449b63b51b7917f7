import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Surface, SurfaceModel } from '#application/ports/surface';
import { tenantId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import type { Message } from '#workspace/workspace';
import {
  BOT,
  GUEST,
  INCIDENTS,
  runningApp,
  SHARED,
  STRANGER,
  type RunningApp,
} from './running-app.ts';
import { active, closed, DOE, doe, ROE, roe, TEAM, TENANT, waiting } from './sample-card.ts';

const SURFACE = 'f0e1d2c3-0000-4000-8000-000000000001';

const surface = (to: Surface['to'], kind: Surface['kind']): Surface => ({
  id: SURFACE,
  tenant: tenantId('acme'),
  bypass: waiting().bypass,
  kind,
  to,
  message: null,
  unanswered: 0,
});

describe.each(['socket', 'http'] as const)('pressing over %s', (mode) => {
  let app: RunningApp;
  beforeEach(async () => {
    app = await runningApp(mode);
  });
  afterEach(() => app.close());

  const toRoe = { kind: 'person', account: { team: TEAM, user: ROE } } as const;
  const asked = (model: SurfaceModel = { kind: 'approver', card: waiting(), viewer: roe }) =>
    app.slack.publisher.publish(surface(toRoe, 'approver'), model);
  const inIncidents = (model: SurfaceModel) =>
    app.slack.publisher.publish(
      surface({ kind: 'channel', team: TEAM, channel: INCIDENTS }, 'incident'),
      model,
    );
  const told = (user: string, text: RegExp): Promise<Message> =>
    app.workspace.waitForMessage(user, (message) => text.test(message.text));

  test('Approve takes the duration that was asked for', async () => {
    const from = await asked();
    expect(await app.workspace.as(ROE).press(from, 'Approve')).toEqual({ ok: true });
    expect(app.presses.stored).toMatchObject([
      {
        tenant: 'acme',
        account: { team: TEAM, user: ROE },
        action: { kind: 'approve', bypass: 'bp_7Q2', ttlMs: HOUR_MS },
        from,
      },
    ]);
  });

  test('Approve takes the duration that was chosen', async () => {
    const from = await asked();
    await app.workspace.as(ROE).selectInMessage(from, 'bypass_ttl', '15 min');
    await app.workspace.as(ROE).press(from, 'Approve');
    expect(app.presses.stored[0]?.action).toMatchObject({ ttlMs: 15 * MINUTE_MS });
  });

  test('the button of a sign-in opens its link, and stores nothing', async () => {
    const link = 'https://breakglass.example/sign-in/AAAA';
    await app.slack.publisher.tell(
      { team: TEAM, user: ROE },
      null,
      {
        kind: 'sign-in',
        card: waiting(),
        ttlMs: HOUR_MS,
        link,
        expiresAt: waiting().openedAt + HOUR_MS,
        ownKey: true,
      },
      TENANT,
    );
    const note = await told(ROE, /sign in at your identity provider/);
    expect(await app.workspace.as(ROE).press(note, 'Sign in to approve')).toEqual({
      ok: true,
      url: link,
    });
    expect(app.presses.stored).toEqual([]);
  });

  test('a press delivered twice is one, a second press is another', async () => {
    const from = await asked();
    app.workspace.deliverTwice();
    await app.workspace.as(ROE).press(from, 'Approve');
    await app.workspace.settled();
    expect([app.presses.deliveries, app.presses.stored.length]).toEqual([2, 1]);
    app.workspace.deliverTwice(false);
    await app.workspace.as(ROE).press(from, 'Approve');
    expect(app.presses.stored).toHaveLength(2);
  });

  test('a press says which card it was on and where, once it is acknowledged', async () => {
    const from = await asked();
    const doe = await inIncidents({ kind: 'incident', card: waiting() });
    await app.workspace.as(ROE).press(from, 'Approve');
    await app.workspace.as(DOE).press(doe, 'Withdraw');
    await expect
      .poll(() => app.copies.seen)
      .toEqual([
        { surface: SURFACE, message: { ...from, team: TEAM } },
        { surface: SURFACE, message: { ...doe, team: TEAM } },
      ]);
  });

  test('Deny asks for a reason first', async () => {
    const from = await asked();
    await app.workspace.as(ROE).press(from, 'Deny…');
    await app.workspace.waitForView(ROE);
    expect(app.presses.stored).toEqual([]);
    app.workspace.as(ROE).fillView({ reason: 'Use the rollback pipeline.' });
    expect(await app.workspace.as(ROE).submitView()).toEqual({ closed: true });
    expect(app.presses.stored).toMatchObject([
      { action: { kind: 'deny', bypass: 'bp_7Q2', reason: 'Use the rollback pipeline.' }, from },
    ]);
  });

  test('the requester withdraws, and closes after a question', async () => {
    const first = await inIncidents({ kind: 'incident', card: waiting() });
    await app.workspace.as(DOE).press(first, 'Withdraw');
    const second = await inIncidents({ kind: 'incident', card: active() });
    const pressed = await app.workspace.as(DOE).press(second, 'Close now');
    expect(pressed).toMatchObject({ ok: true, confirm: { title: 'Close the bypass?' } });
    expect(app.presses.stored.map(({ action }) => action.kind)).toEqual(['withdraw', 'close']);
  });

  test('Revoke and Extend ask first', async () => {
    app.forms.cards = [active()];
    const from = await inIncidents({ kind: 'incident', card: active() });
    await app.workspace.as(ROE).press(from, 'Revoke…');
    await app.workspace.waitForView(ROE);
    app.workspace.as(ROE).fillView({ reason: 'Wrong image' });
    await app.workspace.as(ROE).submitView();
    await app.workspace.as(DOE).press(from, 'Extend…');
    await app.workspace.waitForView(DOE);
    app.workspace.as(DOE).fillView({ ttl: '1 h', reason: 'Still down' });
    await app.workspace.as(DOE).submitView();
    expect(app.presses.stored.map(({ action }) => action)).toEqual([
      { kind: 'revoke', bypass: 'bp_7Q2', reason: 'Wrong image' },
      { kind: 'extend', bypass: 'bp_7Q2', ttlMs: HOUR_MS, justification: 'Still down' },
    ]);
  });

  test('the post-mortem is completed with its outcome', async () => {
    const card = closed();
    const model = {
      kind: 'post-mortem',
      card: {
        bypass: card.bypass,
        card,
        assignee: doe,
        dueAt: Date.UTC(2026, 10, 27),
        completedAt: null,
        completion: null,
        markdown: '## What happened\nCheckout was down.',
      },
    } as const;
    const from = await inIncidents(model);
    await app.workspace.as(DOE).press(from, 'Complete…');
    await app.workspace.waitForView(DOE);
    const doer = app.workspace.as(DOE);
    doer.fillView({ reason: 'Images are signed in the build now.' });
    expect(JSON.stringify(await doer.submitView())).toContain('verdict');
    doer.fillView({ verdict: 'gate-wrong', follow_ups: 'a\n'.repeat(11) });
    expect(JSON.stringify(await doer.submitView())).toContain('At most 10');
    doer.fillView({ follow_ups: '- Sign rollbacks OPS-17\n\n2. Try one\n' });
    await doer.submitView();
    expect(app.presses.stored[0]?.action).toEqual({
      kind: 'complete',
      bypass: 'bp_7Q2',
      outcome: 'Images are signed in the build now.',
      verdict: 'gate-wrong',
      followUps: ['Sign rollbacks OPS-17', 'Try one'],
    });
  });

  test('a press that cannot be stored is not acknowledged, and the person is told', async () => {
    app.presses.gate = () => Promise.reject(new Error('the database is down'));
    const from = await asked();
    const pressing = app.workspace.as(ROE).press(from, 'Approve');
    await told(ROE, /Press again: pressing twice counts once/);
    expect(await pressing).toMatchObject({ ok: false });
    expect(app.logged.join('')).toContain('the database is down');
  });

  test('a press whose storing takes too long is not acknowledged', async () => {
    const release = Promise.withResolvers<void>();
    app.presses.gate = () => release.promise;
    const from = await asked();
    const pressing = app.workspace.as(ROE).press(from, 'Approve');
    await told(ROE, /Press again: pressing twice counts once/);
    expect(await pressing).toMatchObject({ ok: false });
    release.resolve();
  });

  test('in a workspace that nobody set up a press is answered', async () => {
    const from = await asked();
    app.forms.tenantOf = async () => null;
    for (const button of ['Approve', 'Deny…']) {
      expect(await app.workspace.as(ROE).press(from, button)).toEqual({ ok: true });
      await told(ROE, /not set up for this workspace/);
    }
    expect(app.presses.stored).toEqual([]);
  });

  test('a button about nothing that is known here asks for no reason', async () => {
    const from = await inIncidents({ kind: 'incident', card: active() });
    await app.workspace.as(DOE).press(from, 'Extend…');
    await told(DOE, /no such request here/);
    expect(app.workspace.as(DOE).openView()).toBeUndefined();
  });

  test('an emoji that was cut in half and a NUL keep nobody from denying', async () => {
    const from = await asked();
    await app.workspace.as(ROE).press(from, 'Deny…');
    await app.workspace.waitForView(ROE);
    app.workspace.as(ROE).fillView({ reason: 'No\0pe \ud83d' });
    expect(await app.workspace.as(ROE).submitView()).toEqual({ closed: true });
    expect(app.presses.stored).toMatchObject([{ action: { reason: 'Nope \ufffd' } }]);
  });

  test('a reason of which nothing would be seen is none', async () => {
    const from = await asked();
    await app.workspace.as(ROE).press(from, 'Deny…');
    await app.workspace.waitForView(ROE);
    app.workspace.as(ROE).fillView({ reason: '\u200b \u3164' });
    expect(await app.workspace.as(ROE).submitView()).toHaveProperty('errors');
    expect(app.presses.stored).toEqual([]);
  });

  test('a reason that cannot be stored stays in its form', async () => {
    const from = await asked();
    await app.workspace.as(ROE).press(from, 'Deny…');
    await app.workspace.waitForView(ROE);
    app.presses.gate = () => Promise.reject(new Error('the database is down'));
    app.workspace.as(ROE).fillView({ reason: 'No' });
    expect(JSON.stringify(await app.workspace.as(ROE).submitView())).toContain('Nothing was sent');
  });

  test('somebody of another organisation presses under their own account', async () => {
    const members = [DOE, STRANGER, BOT];
    app.workspace.setChannel({ id: SHARED, name: 'shared', members });
    const from = await app.slack.publisher.publish(
      surface({ kind: 'channel', team: TEAM, channel: SHARED }, 'incident'),
      { kind: 'incident', card: waiting() },
    );
    app.workspace.setChannel({ id: SHARED, name: 'shared', isExtShared: true, members });
    await app.workspace.as(STRANGER).press(from, 'Withdraw');
    const [press] = app.presses.stored;
    expect(press?.account.team).not.toBe(TEAM);
    if (!press) return;
    await app.slack.publisher.tell(
      press.account,
      { ...from, team: TEAM },
      {
        kind: 'refusal',
        refusal: { refused: true, code: 'cannot-act', standing: 'foreign' },
        card: null,
        tried: 'withdraw',
      },
      TENANT,
    );
    await told(STRANGER, /another organisation/);
  });

  test('nobody but the presser sees the answer to a press', async () => {
    const from = await inIncidents({ kind: 'incident', card: waiting() });
    await app.slack.publisher.tell(
      { team: TEAM, user: DOE },
      from,
      {
        kind: 'refusal',
        refusal: { refused: true, code: 'own-request' },
        card: waiting(),
        tried: 'approve',
      },
      TENANT,
    );
    const answer = await told(DOE, /your approval does not count/);
    expect(answer).toMatchObject({ channel: INCIDENTS, is_ephemeral: true });
    expect(answer.text).toContain('2 of @release');
    expect(app.workspace.as(ROE).messages(INCIDENTS)).toHaveLength(1);
  });

  test('who is not in the channel is told in a DM', async () => {
    const from = await inIncidents({ kind: 'incident', card: waiting() });
    const note = { kind: 'failed', reference: 'ref-1' } as const;
    await app.slack.publisher.tell({ team: TEAM, user: GUEST }, from, note, TENANT);
    expect(
      app.workspace
        .as(GUEST)
        .messages(BOT)
        .map(({ text }) => text),
    ).toEqual([expect.stringContaining('ref-1')]);
  });
});
