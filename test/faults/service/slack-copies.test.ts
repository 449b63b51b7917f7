import { afterAll, expect, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, INCIDENTS, PEOPLE } from '#test/support/service/acme';
import { request, textOf } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { ofType, query, storedLog } from '#test/support/service/stored-log';
import type { Message } from '#workspace/workspace';

const { url } = await testDatabase();
const { workspace, start } = await layOut(afterAll, { databaseUrl: url });
await start();

const LOST = { method: 'chat.postMessage', answer: { kind: 'drop-after-accept' } } as const;
const COMMAND = `${GATE} checkout staging 15m INC-1`;

const says = (message: Message, words: string): boolean =>
  textOf(workspace, PEOPLE.peer, message).includes(words);

/** What has come into the conversations of a peer since, oldest first; what was taken away is not in it. */
function sight(of: (message: Message) => boolean): () => Message[] {
  const before = new Set(
    workspace
      .as(PEOPLE.peer)
      .inbox()
      .map(({ ts }) => ts),
  );
  return () =>
    workspace
      .as(PEOPLE.peer)
      .inbox()
      .filter((message) => of(message) && !before.has(message.ts));
}

const inIncidents = ({ channel }: Message): boolean => channel === INCIDENTS;

const until = <T>(look: () => T) => expect.poll(look, { timeout: LONGEST_MS });

async function two(cards: () => Message[]): Promise<[Message, Message]> {
  await until(() => cards().length).toBe(2);
  const [first, second] = cards();
  if (first === undefined || second === undefined) throw new Error('a card is gone');
  return [first, second];
}

test('a card whose answer was lost stands twice, says so, and goes at the first touch', async () => {
  const cards = sight(inIncidents);
  workspace.script({ ...LOST, where: { channel: INCIDENTS } });
  const incident = await request(workspace, COMMAND);
  const [orphan, current] = await two(cards);
  expect(says(orphan, 'may stand here twice')).toBe(false);
  expect(says(current, 'may stand here twice')).toBe(true);
  await incident.approve(PEOPLE.peer);
  await until(() => cards().map((card) => says(card, 'is in bypass'))).toEqual([false, true]);

  // What Slack took without our knowing still offers what the request has passed.
  await workspace.as(PEOPLE.onCall).press(orphan, 'bypass_withdraw');
  await until(() => cards().map(({ ts }) => ts)).toEqual([current.ts]);
  expect(cards().map((card) => says(card, 'is in bypass'))).toEqual([true]);
  const log = await storedLog(url);
  expect(ofType(log, 'request.withdrawn')).toEqual([]);
  await workspace.as(PEOPLE.onCall).press(current, 'bypass_close');
  await until(() => cards().some((card) => says(card, 'enforces again'))).toBe(true);
});

test('a copy that nobody may delete is emptied, and the form it opened still acts', async () => {
  const cards = sight(({ channel }) => channel.startsWith('D'));
  const direct = workspace.channels().filter(({ kind, members }) => {
    return kind === 'im' && members.includes(PEOPLE.peer);
  });
  for (const { id } of direct) workspace.script({ ...LOST, where: { channel: id } });
  workspace.script({
    method: 'chat.delete',
    answer: { kind: 'error', error: 'compliance_exports_prevent_deletion' },
  });
  const incident = await request(workspace, COMMAND);
  const [orphan] = await two(cards);
  await workspace.as(PEOPLE.peer).press(orphan, 'bypass_deny');
  await workspace.waitForView(PEOPLE.peer, () => true, { timeoutMs: LONGEST_MS });
  await until(() => cards().map((card) => says(card, '[Approve]'))).toEqual([false, true]);
  expect(cards().map((card) => says(card, 'kept up to date in another message'))).toEqual([
    true,
    false,
  ]);
  workspace.as(PEOPLE.peer).fillView({ reason: 'The fix is out already.' });
  expect(await workspace.as(PEOPLE.peer).submitView()).toEqual({ closed: true });
  await incident.cardSays('enied');
});

test('while no post is answered, the message that is pressed becomes the card', async () => {
  const cards = sight(inIncidents);
  workspace.script({ ...LOST, where: { channel: INCIDENTS } });
  const away = workspace.script({
    method: 'chat.postMessage',
    where: { channel: INCIDENTS },
    times: 1_000,
    answer: { kind: 'drop-before-accept' },
  });
  const incident = await request(workspace, COMMAND);
  await incident.press(PEOPLE.onCall, 'bypass_withdraw');
  await incident.cardSays('ithdrawn');
  expect(cards()).toHaveLength(1);
  away.cancel();
});

test('a card past its time for edits is posted anew, and the old one goes', async () => {
  const cards = sight((message) => inIncidents(message) && message.thread_ts === undefined);
  const incident = await request(workspace, COMMAND);
  const old = incident.card();
  workspace.script({
    method: 'chat.update',
    where: { ts: old.ts },
    answer: { kind: 'error', error: 'edit_window_closed' },
  });
  await incident.approve(PEOPLE.peer);
  await until(() => cards().map((card) => says(card, 'is in bypass'))).toEqual([true]);
  expect(cards()[0]?.ts).not.toBe(old.ts);
  await until(() => query(url, 'SELECT * FROM app.surface_copy')).toEqual([]);
});
