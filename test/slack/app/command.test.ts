import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { locateFindings } from '#application/policy/parse-policy-document';
import { readPolicy } from '#cli/policy/read-policy';
import { lookUpForPolicy } from '#cli/policy/workspace';
import { workspaceFindings } from '#cli/policy/workspace-findings';
import { bypassId } from '#domain/ids';
import { HOUR_MS } from '#domain/instant';
import { refuse } from '#domain/refusal';
import { renderViewText } from '#workspace/workspace';
import { POLICY } from '#test/support/gallery/policy-news';
import { line, listed } from './sample-lines.ts';
import { GONE, GUEST, INCIDENTS, RELEASE, runningApp, type RunningApp } from './running-app.ts';
import { AT, DOE, TEAM, waiting } from './sample-card.ts';

const card = waiting();
const several = [
  line({ own: true }),
  line({ own: true, bypass: bypassId('other'), reference: 1050 }),
];

let app: RunningApp;
beforeEach(async () => {
  app = await runningApp('socket');
});
afterEach(() => app.close());

const doe = () => app.workspace.as(DOE);
const command = (text: string) => doe().command('/breakglass', text, INCIDENTS);
/** What the command was answered with, or whatever is answered afterwards. */
const answered = async (text: string): Promise<string> => {
  await command(text);
  const message = await app.workspace.waitForMessage(DOE, (one) => one.is_ephemeral === true);
  return JSON.stringify(message);
};

describe('the policy', () => {
  test('in words, to whoever asks and nobody else', async () => {
    app.mine.policyNow = POLICY;
    const said = await answered('policy');
    expect(said).toContain('*Who may ask*: @engineers and <@');
    expect(said).toContain('*high*: 2 of @release, after 5 min also @db-senior');
    expect(said).toContain('environment `production` → *high*');
    expect(said).toContain('approvals of release: 2 → 1');
  });

  test('not to somebody who is no member', async () => {
    expect(await answered('policy')).toContain('does not know this account');
  });
});

describe('a policy document that is held against the workspace', () => {
  const DOCUMENT = `version: 1
tenant: acme
services:
  checkout: { environments: [production] }
gates:
  image-policy: { kind: http }
groups:
  release: { slack_usergroup: ${RELEASE} }
  seniors: { slack: [${DOE}, ${GUEST}, ${GONE}, U0NOBODY01] }
  others: { slack_usergroup: S0NOBODY01 }
requesters: [release, others]
admins: [${DOE}]
tiers:
  low:
    require: [{ from: release, count: 2 }]
    ttl: { offer: [15m], max: 15m }
default: low
`;

  test('names accounts that count for nobody, unknown groups and too few people', async () => {
    await using scratch = await mkdtempDisposable(join(tmpdir(), 'policy-'));
    const file = join(scratch.path, 'policy.yaml');
    await writeFile(file, DOCUMENT);
    const env = { SLACK_BOT_TOKEN: 'xoxb-acme', SLACK_API_URL: app.workspace.apiUrl };
    const looked = await lookUpForPolicy(env, file);
    const { version, document } = await readPolicy(file, looked.team);
    const found = locateFindings(document, workspaceFindings(version, looked));
    expect(found.map(({ line, message }) => `${line} ${message}`)).toEqual([
      expect.stringMatching(/^9 .*U0GUEST001` is a guest/),
      expect.stringMatching(/^9 .*U0GONE0001` was deactivated/),
      expect.stringMatching(/^9 .*U0NOBODY01` is nobody whom Slack knows/),
      expect.stringMatching(/^10 Slack does not give the members of `S0NOBODY01`/),
      expect.stringMatching(/^15 it could never open if `U0ROE00001` or `U0MOE00001` asks/),
    ]);
    expect(looked.names.get(`${TEAM}/${DOE}`)).toBe('J. Doe');
  });

  test('is not, without a token or with a wrong one', async () => {
    await expect(lookUpForPolicy({}, 'policy.yaml')).rejects.toMatchObject({ code: 'usage' });
    const env = { SLACK_BOT_TOKEN: 'xoxb-wrong', SLACK_API_URL: app.workspace.apiUrl };
    await expect(lookUpForPolicy(env, 'policy.yaml')).rejects.toThrow('invalid_auth');
  });
});

describe('a list', () => {
  test('of what is open and waits, with the time that is left', async () => {
    app.mine.mineNow = {
      kind: 'member',
      now: AT,
      active: listed(line()),
      waiting: { shown: [line({ phase: 'waiting', own: true, drill: true })], total: 12 },
      waitsForMe: listed(),
      owed: listed({ ...line(), dueAt: AT - HOUR_MS }),
      mayAsk: 2,
    };
    const said = await answered('list');
    expect(said).toContain('58 min left');
    expect(said).toContain('asked by R. Roe');
    expect(said).toContain('*DRILL* · `1042`');
    expect(said).toContain('asked by you');
    expect(said).toContain('and 11 more');
    expect(said).toContain('*overdue*');
  });

  test('says that nothing is open', async () => {
    expect(await answered('list')).toContain('No gate is open, and no request waits.');
  });

  test('tells somebody who is no member nothing', async () => {
    app.mine.mineNow = { kind: 'outsider', standing: 'guest' };
    expect(await answered('list')).toContain('Guests of this workspace cannot');
  });
});

describe('an act that is typed', () => {
  test('status shows the card', async () => {
    app.forms.cards = [card];
    app.mine.foundNow = { kind: 'one', bypass: card.bypass };
    expect(await answered('status 1042')).toContain(
      'Checkout is down, rollback image is unsigned.',
    );
    expect(app.mine.meant).toEqual([
      { act: 'status', reference: 1042, gate: null, service: null, environment: null },
    ]);
  });

  test.each(['close', 'withdraw'] as const)(
    '%s is stored as a press before it is said',
    async (act) => {
      app.mine.foundNow = { kind: 'one', bypass: card.bypass };
      expect(await answered(act)).toContain('Taken.');
      expect(app.presses.stored).toEqual([
        {
          tenant: 'acme',
          key: expect.stringMatching(/^slack:/),
          account: { team: TEAM, user: DOE },
          action: { kind: act, bypass: card.bypass },
          from: null,
        },
      ]);
    },
  );

  test('which of several is asked, and a button closes that one', async () => {
    app.mine.foundNow = { kind: 'several', lines: listed(...several), now: AT };
    const said = await answered('close');
    expect(said).toContain('Which bypass do you want to close?');
    expect(app.presses.stored).toEqual([]);
    const message = await app.workspace.waitForMessage(DOE, (one) => one.is_ephemeral === true);
    await doe().press(message, 'Close 1050');
    await app.workspace.settled();
    expect(app.presses.stored.map(({ action }) => action)).toEqual([
      { kind: 'close', bypass: 'other' },
    ]);
  });

  test('closes nothing where words are left that nobody understood', async () => {
    app.mine.foundNow = { kind: 'one', bypass: card.bypass };
    const said = await answered('close to breaking: payments is down');
    expect(said).toContain('I did not understand');
    expect(said).toContain('/breakglass open close');
    expect(app.presses.stored).toEqual([]);
  });

  test('extend opens its form, filled in', async () => {
    app.forms.cards = [card];
    app.mine.foundNow = { kind: 'one', bypass: card.bypass };
    await command('extend 15 min the fix is still building');
    const view = renderViewText(await app.workspace.waitForView(DOE, () => true));
    expect(view).toContain('the fix is still building');
    expect(view).toContain('15 min');
  });

  test('extend says why none can be asked for, and opens no form', async () => {
    app.forms.cards = [card];
    app.forms.refusesExtension = refuse({ code: 'chain-cap-reached', capAt: AT });
    app.mine.foundNow = { kind: 'one', bypass: card.bypass };
    expect(await answered('extend')).toContain('Nothing was asked. This bypass and its extensions');
    expect(doe().openView()).toBeUndefined();
  });

  test('extend is answered where its form cannot be made', async () => {
    app.forms.extension = () => Promise.reject(new Error('the database is down'));
    app.mine.foundNow = { kind: 'one', bypass: card.bypass };
    expect(await answered('extend')).toContain('Slack did not open the form.');
  });

  test('is not said to be taken where it could not be stored', async () => {
    app.mine.foundNow = { kind: 'one', bypass: card.bypass };
    app.presses.gate = () => Promise.reject(new Error('the database is down'));
    expect(await answered('close')).toContain('It is not certain that this was stored');
  });
});

describe('a request', () => {
  test('somebody who may not ask is told before they fill anything in', async () => {
    app.forms.standingNow = 'guest';
    expect(await answered('image-policy checkout')).toContain('Guests of this workspace cannot');
    expect(doe().openView()).toBeUndefined();
  });

  test('a duration that is not offered is not dropped in silence', async () => {
    await command('image-policy checkout production 3h');
    const view = await app.workspace.waitForView(DOE, (one) =>
      /They will be asked/.test(renderViewText(one)),
    );
    expect(renderViewText(view)).toContain('3 h is not');
    expect(renderViewText(view)).toContain('@managers after 10 min');
  });
});

describe('a shortcut', () => {
  const shown = (text: RegExp) =>
    app.workspace.waitForView(DOE, (view) => text.test(renderViewText(view)));

  test('from anywhere opens the form', async () => {
    await doe().shortcut('bypass_ask');
    expect(renderViewText(await shown(/Gate in the way/))).toContain('Choose gate, service');
  });

  test('from a message takes its channel and the incident it names, and none of its words', async () => {
    const message = doe().say(INCIDENTS, 'checkout is on fire (INC-4312), somebody look');
    await doe().shortcut('bypass_ask_here', message);
    const view = await shown(/Gate in the way/);
    expect(JSON.stringify(view.blocks)).toContain(`"initial_conversation":"${INCIDENTS}"`);
    expect(renderViewText(view)).toContain('INC-4312');
    expect(renderViewText(view)).not.toContain('on fire');
  });

  test('takes a message of a card’s thread into its timeline, and no other', async () => {
    const card = doe().say(INCIDENTS, 'the card');
    app.forms.shownAt.set(`${INCIDENTS} ${card.ts}`, bypassId('bp_7Q2'));
    const first = doe().say(INCIDENTS, 'it is <https://ci.example/7|run 7> &amp; slow', {
      threadTs: card.ts,
    });
    await doe().shortcut('timeline_mark', first);
    await shown(/Taken into the timeline/);
    expect(app.presses.stored.map(({ action }) => action)).toEqual([
      {
        kind: 'mark',
        bypass: 'bp_7Q2',
        ts: first.ts,
        author: { team: TEAM, user: DOE },
        said: 'it is https://ci.example/7 & slow',
        saidAt: Math.floor(Number(first.ts) * 1_000),
      },
    ]);
    for (const message of [card, doe().say(INCIDENTS, 'beside it')]) {
      await doe().shortcut('timeline_mark', message);
      await shown(/Only an answer in the thread/);
    }
    expect(app.presses.stored).toHaveLength(1);
  });

  test('tells somebody who may not ask in a dialog', async () => {
    app.forms.standingNow = 'guest';
    await doe().shortcut('bypass_ask');
    expect(renderViewText(await shown(/Guests/))).toContain('cannot decide or ask');
  });

  test('says that nothing was asked where the policy cannot be read', async () => {
    app.forms.failing = true;
    await doe().shortcut('bypass_ask');
    expect(renderViewText(await shown(/cannot be read/))).toContain('Nothing was asked');
  });
});
