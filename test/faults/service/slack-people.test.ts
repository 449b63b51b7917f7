import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, INCIDENTS, PEOPLE } from '#test/support/service/acme';
import { request, sendForm, textOf } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const { url } = await testDatabase();
const { workspace, start } = await layOut(afterAll, { databaseUrl: url });
const service = await start();

const [ELSEWHERE, THEIR_CHANNEL] = ['T0ELSE0001', 'C0ELSE0001'];
/** People whom Slack lets press and type here, and who decide nothing. */
const OTHERS = {
  U0GUEST001: { isRestricted: true },
  U0GUEST002: { isUltraRestricted: true },
  U0WORKFLOW: { isBot: true },
  U0STRANGER: { isStranger: true, teamId: ELSEWHERE },
  U0ELSEWHER: { teamId: ELSEWHERE },
} as const;
const LEAVER = 'U0LEAVER01';

workspace.addTeam({ id: ELSEWHERE, name: 'Elsewhere', domain: 'elsewhere' });
for (const [id, more] of Object.entries(OTHERS))
  workspace.setUser({ id, name: id.toLowerCase(), realName: `Name of ${id}`, ...more });
const leaver = { id: LEAVER, name: 'leaver', realName: 'L. Eaver' };
workspace.setUser(leaver);
const incidents = workspace.channels().find(({ id }) => id === INCIDENTS);
const members = [...(incidents?.members ?? []), ...Object.keys(OTHERS), LEAVER];
workspace.setChannel({ id: INCIDENTS, name: 'incidents', members });
workspace.setChannel({ id: THEIR_CHANNEL, name: 'theirs', teamId: ELSEWHERE, members });
workspace.setGroupMembers('S0ENGINEER', members);

const types = async () => (await storedLog(url)).map(({ type }) => type);
const judged = () =>
  vi.waitFor(
    async () => {
      const open = 'SELECT press_id FROM app.press WHERE outcome IS NULL';
      expect(await query(url, open)).toEqual([]);
    },
    { timeout: LONGEST_MS },
  );
const told = (person: string, words: RegExp) =>
  workspace.waitForMessage(person, (message) => words.test(textOf(workspace, person, message)), {
    timeoutMs: LONGEST_MS,
  });

beforeEach(() => expect(service.isRunning()).toBe(true));

test('guests, bots and people of other organisations are asked nothing, and change nothing', async () => {
  const incident = await request(workspace, `${GATE} checkout staging 15m INC-1`);
  for (const person of Object.keys(OTHERS))
    await workspace.as(person).press(incident.card(), 'bypass_withdraw');
  await judged();
  for (const person of Object.keys(OTHERS)) {
    await told(person, /The request still stands\./);
    const direct = workspace
      .as(person)
      .inbox()
      .filter(({ channel }) => channel !== INCIDENTS);
    expect(direct.filter((one) => textOf(workspace, person, one).includes('[Approve]'))).toEqual(
      [],
    );
  }
  expect(await types()).not.toContain('request.withdrawn');
  await incident.approve(PEOPLE.peer);
  await incident.cardSays('is in bypass');
  for (const person of Object.keys(OTHERS))
    await workspace.as(person).press(incident.card(), 'bypass_close');
  await judged();
  expect(await types()).not.toContain('bypass.closed');
});

test('whoever is deactivated between the press and its handling decides nothing', async () => {
  const incident = await request(workspace, `${GATE} ledger-db staging 15m INC-2`);
  workspace.scriptDelivery({
    payload: 'interactive',
    where: { 'user.id': LEAVER },
    fate: { kind: 'hold' },
  });
  const pressing = workspace.as(LEAVER).press(incident.card(), 'bypass_withdraw');
  workspace.setUser({ ...leaver, deleted: true });
  await workspace.releaseDeliveries();
  await pressing;
  await judged();
  expect(await types()).not.toContain('request.withdrawn');
  await incident.press(PEOPLE.onCall, 'bypass_withdraw');
  await incident.cardSays('ithdrawn');
});

test.each(Object.keys(OTHERS))(
  '%s is told that they may not ask, and gets no form',
  async (who) => {
    const before = await types();
    const asking = `${GATE} checkout staging 15m INC-3`;
    const answer = await workspace.as(who).command('/breakglass', asking, INCIDENTS);
    expect(JSON.stringify(answer)).toMatch(/cannot decide or ask|does not know this account/);
    expect(workspace.as(who).openView()).toBeUndefined();
    await judged();
    expect(await types()).toEqual(before);
  },
);

test('a command of a workspace that nobody set up is answered, and goes no further', async () => {
  const before = await types();
  const answer = await workspace.as('U0ELSEWHER').command('/breakglass', GATE, THEIR_CHANNEL);
  expect(answer).toMatchObject({ ok: true, reply: { is_ephemeral: true } });
  expect(JSON.stringify(answer)).toContain('not set up for this workspace');
  expect(workspace.as('U0ELSEWHER').openView()).toBeUndefined();
  expect(await types()).toEqual(before);
});

test('a channel that is shared with another organisation is refused in the form', async () => {
  workspace.setChannel({ id: 'C0SHARED01', name: 'shared', isExtShared: true, members });
  workspace.setChannel({ id: 'C0PENDING1', name: 'pending', isPendingExtShared: true, members });
  const onCall = workspace.as(PEOPLE.onCall);
  await onCall.command('/breakglass', `${GATE} checkout staging 15m`, INCIDENTS);
  await workspace.waitForView(
    PEOPLE.onCall,
    (view) => JSON.stringify(view.blocks).includes('asked at once'),
    { timeoutMs: LONGEST_MS },
  );
  onCall.fillView({ justification: 'Checkout is down.' });
  for (const channel of ['C0SHARED01', 'C0PENDING1']) {
    onCall.fillView({ channel });
    const answer = await onCall.submitView();
    expect(JSON.stringify(answer)).toContain('shared with another organisation');
  }
  await onCall.closeView();
});

test('the policy’s channel gets no card once it is shared; its people are asked all the same', async () => {
  workspace.setChannel({ id: INCIDENTS, name: 'incidents', isExtShared: true, members });
  const cards = () => workspace.as(PEOPLE.peer).messages(INCIDENTS).length;
  const before = cards();
  await sendForm(workspace, `${GATE} ledger-db staging 15m INC-4`);
  await service.logged(({ msg }) => msg?.includes('it gets no card') === true);
  const asked = await told(PEOPLE.peer, /ledger-db[^]*INC-4[^]*\[Approve\]/);
  await workspace.as(PEOPLE.peer).press(asked, 'Approve');
  await vi.waitFor(
    async () => expect(ofType(await storedLog(url), 'bypass.activated')).toHaveLength(2),
    { timeout: LONGEST_MS },
  );
  expect(cards()).toBe(before);
});
