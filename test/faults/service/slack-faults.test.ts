import { expect, onTestFinished, test, vi } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, INCIDENTS, PEOPLE } from '#test/support/service/acme';
import { request, textOf } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const [database, another] = [await testDatabase(), await testDatabase()];
const RETRY_AFTER_S = 6;

test('edits that Slack limits stop in the whole workspace until its Retry-After, and posts go on', async () => {
  const { workspace, start } = await layOut(onTestFinished, { databaseUrl: database.url });
  await start();
  const incident = await request(workspace, `${GATE} checkout staging 15m INC-1`);
  const asked = await incident.asked(PEOPLE.peer);
  workspace.script({
    method: 'chat.update',
    where: { channel: INCIDENTS },
    answer: { kind: 'ratelimited', retryAfterSeconds: RETRY_AFTER_S },
  });
  await incident.approve(PEOPLE.peer);
  const isUpdate = ({ method }: { readonly method: string }) => method === 'chat.update';
  await expect
    .poll(() => workspace.calls().some((call) => isUpdate(call) && call.status === 429), {
      timeout: LONGEST_MS,
    })
    .toBe(true);
  const other = await request(workspace, `${GATE} checkout production 15m INC-2`);
  await other.asked(PEOPLE.release1);
  await incident.cardSays('is in bypass');
  await workspace.waitForMessage(
    PEOPLE.peer,
    (message) =>
      message.channel === asked.channel &&
      message.ts === asked.ts &&
      !textOf(workspace, PEOPLE.peer, message).includes('[Approve]'),
    { timeoutMs: LONGEST_MS },
  );

  const calls = workspace.calls();
  const limited = calls.findIndex((call) => isUpdate(call) && call.status === 429);
  const limitedAt = calls[limited]?.at ?? Number.NaN;
  const later = calls.slice(limited + 1);
  const edits = later.filter(isUpdate);
  expect(edits.length).toBeGreaterThan(0);
  // What was on its way when the limit was met cannot be called back.
  const begun = edits.filter(({ at }) => at < limitedAt + RETRY_AFTER_S * 1_000);
  expect(begun.every(({ at }) => at - limitedAt < (RETRY_AFTER_S * 1_000) / 2)).toBe(true);
  const firstAgain = edits.find((one) => !begun.includes(one))?.at ?? Number.NaN;
  expect(later.some(({ method, at }) => method === 'chat.postMessage' && at < firstAgain)).toBe(
    true,
  );
});

test('what Slack delivers twice is one request and one approval', async () => {
  const { workspace, start } = await layOut(onTestFinished, { databaseUrl: another.url });
  await start();
  workspace.deliverTwice();
  const incident = await request(workspace, `${GATE} checkout production 15m INC-1`);
  await incident.approve(PEOPLE.release1);
  await incident.cardSays('R. Roe');
  await workspace.settled();
  const last = workspace.deliveries().at(-1)?.envelope;
  expect(last?.retry).toBe(1);
  await incident.approve(PEOPLE.release2);
  await incident.cardSays('is in bypass');
  await workspace.settled();

  await vi.waitFor(
    async () => {
      const open = 'SELECT press_id FROM app.press WHERE outcome IS NULL';
      expect(await query(another.url, open)).toEqual([]);
    },
    { timeout: LONGEST_MS },
  );
  const presses = await query<{ kind: string }>(
    another.url,
    `SELECT action->>'kind' AS kind FROM app.press ORDER BY pressed_at`,
  );
  expect(presses.map(({ kind }) => kind)).toEqual(['open', 'approve', 'approve']);
  const log = await storedLog(another.url);
  expect(ofType(log, 'request.opened')).toHaveLength(1);
  expect(ofType(log, 'approval.given')).toHaveLength(2);
  expect(ofType(log, 'bypass.activated')).toHaveLength(1);
});
