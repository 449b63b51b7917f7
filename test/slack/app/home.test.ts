import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BypassLine, Mine } from '#application/ports/mine';
import { PublishFailed } from '#application/ports/surface';
import { bypassId, tenantId } from '#domain/ids';
import { DAY_MS } from '#domain/instant';
import { refuse } from '#domain/refusal';
import { homeView } from '#slack/cards/home-view';
import { renderViewText, validateView } from '#workspace/workspace';
import { line, listed } from './sample-lines.ts';
import { runningApp, type RunningApp } from './running-app.ts';
import { AT, DOE, doe, ROE, TEAM, waiting } from './sample-card.ts';

const card = waiting();
type Member = Extract<Mine, { kind: 'member' }>;
const mine = (change: Partial<Member> = {}): Member => ({
  kind: 'member',
  now: AT,
  active: listed(),
  waiting: listed(),
  waitsForMe: listed(),
  owed: listed(),
  mayAsk: 3,
  ...change,
});
const asked = line({ phase: 'waiting', reference: 1050, bypass: bypassId('bp_other') });
const busy = mine({
  active: listed(line({ own: true, requester: doe }), line({ reference: 1043, drill: true })),
  waiting: listed(asked, line({ phase: 'waiting', reference: 1051, own: true })),
  waitsForMe: listed(asked),
  owed: { shown: [{ ...line({ reference: 990 }), dueAt: AT - DAY_MS }], total: 4 },
});

let app: RunningApp;
beforeEach(async () => {
  app = await runningApp('socket');
});
afterEach(() => app.close());

const account = { team: TEAM, user: DOE };
const publish = (shown: Mine, hash: string | null = null) =>
  app.slack.homes.publishHome(account, shown, hash, tenantId('acme'));
const seen = (): string => {
  const view = app.workspace.as(DOE).homeView();
  return view === undefined ? '' : renderViewText(view, app.workspace.readerFor(DOE));
};

describe('a Home', () => {
  test('that somebody looks at is brought up to date', async () => {
    await app.workspace.as(DOE).openHome();
    await app.workspace.as(ROE).openHome();
    expect(app.homes.seen).toEqual([account, { team: TEAM, user: ROE }]);
  });

  test('shows what waits for its person, what is open and for how long, what they owe and may do', async () => {
    await publish(busy);
    for (const words of [
      'Waiting for you',
      '`1050` `image-policy` for *checkout* in *production*',
      'Decide in the message',
      'Open now',
      '58 min left',
      'asked by you',
      '*DRILL* · `1043`',
      '[Close 1042] [Extend 1042]',
      '[Withdraw 1051]',
      '[Show 1050]',
      'Post-mortems you owe',
      '*overdue*',
      'and 3 more',
      '[Complete 990]',
      'You may have 3 more requests waiting.',
      '[Ask for a bypass…]',
    ])
      expect(seen()).toContain(words);
    expect(seen()).not.toContain('[Approve');
    expect(seen().match(/`1050`/g)).toHaveLength(1);
  });

  test('without anything says so', async () => {
    await publish(mine());
    expect(seen()).toContain('Nothing waits for you.');
    expect(seen()).toContain('Every gate enforces.');
    expect(seen()).not.toContain('Post-mortems');
  });

  test('of somebody who is no member says why, and nothing of the tenant', async () => {
    await publish({ kind: 'outsider', standing: 'guest' });
    expect(seen()).toContain('Guests of this workspace cannot decide or ask.');
    expect(seen()).not.toContain('[');
  });

  test('replaces the view that it was made after, and no newer one', async () => {
    const first = await publish(mine());
    if (first === 'conflict') throw new TypeError('there was no view before');
    expect(await publish(busy, first.hash)).not.toBe('conflict');
    expect(await publish(mine(), first.hash)).toBe('conflict');
    expect(seen()).toContain('Open now');
    expect(seen()).toContain('58 min left');
  });

  test('is held up by the limit of its method alone', async () => {
    app.workspace.script({
      method: 'views.publish',
      answer: { kind: 'ratelimited', retryAfterSeconds: 7 },
    });
    const failed = await publish(mine()).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(PublishFailed);
    expect(failed).toMatchObject({ retryAfterMs: 7_000, method: 'views.publish' });
  });

  test('of the most that lists can hold keeps Slack’s limits', () => {
    const many = (phase: BypassLine['phase'], from: number) => ({
      shown: Array.from({ length: 10 }, (_, index) =>
        line({ phase, own: true, reference: from + index, bypass: bypassId(`bp_${from + index}`) }),
      ),
      total: 99,
    });
    const view = homeView(
      mine({
        active: many('active', 1_000),
        waiting: many('waiting', 2_000),
        waitsForMe: many('waiting', 3_000),
        owed: {
          shown: many('active', 4_000).shown.map((one) => ({ ...one, dueAt: AT })),
          total: 99,
        },
      }),
    );
    expect(validateView({ ...view }, 'home')).toEqual([]);
  });
});

describe('a press on a Home', () => {
  beforeEach(async () => {
    app.forms.cards = [card];
    await publish(busy);
  });

  test('shows a bypass whole, without buttons that would not follow it', async () => {
    await app.workspace.as(DOE).pressInHome('Show 1042');
    const view = await app.workspace.waitForView(DOE);
    const text = renderViewText(view, app.workspace.readerFor(DOE));
    expect(text).toContain('Checkout is down, rollback image is unsigned.');
    expect(text).not.toContain('[Withdraw]');
  });

  test('opens the form', async () => {
    await app.workspace.as(DOE).pressInHome('Ask for a bypass…');
    const view = await app.workspace.waitForView(DOE);
    expect(view.callback_id).toBe('bypass_request');
  });

  test('closes, withdraws and extends as on a card', async () => {
    await app.workspace.as(DOE).pressInHome('Close 1042');
    await app.workspace.as(DOE).pressInHome('Withdraw 1051');
    expect(app.presses.stored).toMatchObject([
      { account, action: { kind: 'close', bypass: card.bypass }, from: null },
      { account, action: { kind: 'withdraw', bypass: card.bypass }, from: null },
    ]);
    await app.workspace.as(DOE).pressInHome('Extend 1042');
    expect((await app.workspace.waitForView(DOE)).callback_id).toBe('bypass_extend');
  });

  test('completes a review by its form', async () => {
    await app.workspace.as(DOE).pressInHome('Complete 990');
    expect((await app.workspace.waitForView(DOE)).callback_id).toBe('post_mortem_complete');
  });

  test('says why where nothing can be shown', async () => {
    app.forms.failing = true;
    await app.workspace.as(DOE).pressInHome('Ask for a bypass…');
    const view = await app.workspace.waitForView(DOE);
    const text = renderViewText(view, app.workspace.readerFor(DOE));
    expect(text).toContain('The policy cannot be read at the moment.');
  });

  const shown = async (): Promise<string> => {
    const view = await app.workspace.waitForView(DOE);
    return renderViewText(view, app.workspace.readerFor(DOE));
  };

  test('is answered by a message where Slack opens nothing', async () => {
    const answer = { kind: 'error', error: 'expired_trigger_id' } as const;
    for (const button of ['Ask for a bypass…', 'Show 1042']) {
      app.workspace.script({ method: 'views.open', answer });
      await app.workspace.as(DOE).pressInHome(button);
    }
    const texts: string[] = [];
    await app.workspace.waitForMessage(DOE, ({ text }) => texts.push(text) > 1);
    for (const text of texts) expect(text).toContain('Slack did not open the form.');
    expect(app.workspace.as(DOE).openView()).toBeUndefined();
  });

  test('says in a dialog why there is no form', async () => {
    app.forms.refusesExtension = refuse({ code: 'chain-cap-reached', capAt: AT });
    await app.workspace.as(DOE).pressInHome('Extend 1042');
    expect(await shown()).toContain('Nothing was asked. This bypass and its extensions');
  });

  test('that is not stored says so in a dialog', async () => {
    app.forms.tenantOf = async () => null;
    await app.workspace.as(DOE).pressInHome('Close 1042');
    expect(await shown()).toContain('not set up for this workspace');
    expect(app.presses.stored).toEqual([]);
  });

  test('shows nothing to somebody whose standing is not known', async () => {
    app.forms.standing = () => Promise.reject(new Error('Slack does not answer'));
    await app.workspace.as(DOE).pressInHome('Show 1042');
    const text = await shown();
    expect(text).not.toContain('Checkout is down');
    expect(text).toContain('Try again in a minute.');
  });
});
