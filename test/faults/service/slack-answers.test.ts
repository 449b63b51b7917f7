import { afterAll, expect, test } from 'vitest';
import { testDatabase } from '#test/support/postgres/test-database';
import { GATE, INCIDENTS, PEOPLE } from '#test/support/service/acme';
import { request, textOf } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { ofType, query, storedLog } from '#test/support/service/stored-log';

const { url } = await testDatabase();
const { workspace, start } = await layOut(afterAll, {
  databaseUrl: url,
  workspace: { rateLimits: true },
});
await start();

const HTML = '<!DOCTYPE html><title>Slack</title>Something went wrong';
const PROXY = { kind: 'http', status: 200, html: HTML } as const;

test('an API that fails in every way but its own delays what is asked, and changes none of it', async () => {
  const faults = [
    { method: 'conversations.open', answer: { kind: 'error', error: 'fatal_error' } },
    { method: 'conversations.info', answer: { kind: 'drop-before-accept' } },
    { method: 'chat.postMessage', answer: { kind: 'http', status: 500 } },
    { method: 'chat.update', answer: PROXY },
    // About a person such an answer says nothing: whoever is not known yet is asked about again.
    { method: 'users.info', where: { user: PEOPLE.senior }, times: 2, answer: PROXY },
  ] as const;
  const handles = faults.map((fault) => workspace.script(fault));
  const incident = await request(workspace, `${GATE} checkout production 15m INC-1`);
  await incident.approve(PEOPLE.release1);
  await incident.approve(PEOPLE.release2);
  await incident.cardSays('is in bypass');
  const senior = workspace.as(PEOPLE.senior);
  await incident.press(PEOPLE.senior, 'bypass_revoke');
  await workspace.waitForView(PEOPLE.senior, () => true, { timeoutMs: LONGEST_MS });
  senior.fillView({ reason: 'The wrong image went out.' });
  expect(await senior.submitView()).toEqual({ closed: true });
  await incident.cardSays('enforces again');
  expect(handles.map((handle) => handle.remaining())).toEqual(faults.map(() => 0));
  const log = await storedLog(url);
  expect(ofType(log, 'request.opened')).toHaveLength(1);
  expect(ofType(log, 'approval.given')).toHaveLength(2);
  expect(ofType(log, 'bypass.closed')).toHaveLength(1);
  const texts = senior.inbox().map((one) => textOf(workspace, PEOPLE.senior, one));
  expect(texts.filter((text) => text.includes('does not know this account'))).toEqual([]);
});

test('a call that hangs is given up, and one that was taken is not told as a failure', async () => {
  workspace.script({ method: 'views.open', answer: { kind: 'hang', accepted: true } });
  workspace.script({ method: 'views.update', answer: { kind: 'error', error: 'hash_conflict' } });
  const before = workspace.as(PEOPLE.onCall).inbox().length;
  const command = `${GATE} checkout staging 15m INC-2`;
  await workspace.as(PEOPLE.onCall).command('/breakglass', command, INCIDENTS);
  await workspace.waitForView(PEOPLE.onCall, () => true, { timeoutMs: LONGEST_MS });
  await workspace.as(PEOPLE.onCall).closeView();
  const opens = () => workspace.calls('views.open').map(({ result }) => result?.['error']);
  await expect.poll(opens, { timeout: LONGEST_MS }).toContain('exchanged_trigger_id');

  // A form that changed meanwhile takes the preview of its newer state (`hash_conflict`).
  const hang = workspace.script({ method: 'chat.postMessage', answer: { kind: 'hang' } });
  const incident = await request(workspace, `${GATE} ledger-db staging 15m INC-3`);
  expect(hang.remaining()).toBe(0);
  await incident.approve(PEOPLE.peer);
  await incident.cardSays('is in bypass');
  const behind = 'SELECT kind FROM app.surface WHERE shown < wanted';
  await expect.poll(() => query(url, behind), { timeout: LONGEST_MS }).toEqual([]);
  const said = workspace.as(PEOPLE.onCall).inbox().slice(before);
  expect(said.filter(({ text }) => text.includes('did not open'))).toEqual([]);
  const updates = workspace.calls('views.update').map(({ result }) => result?.['error'] ?? 'ok');
  expect(updates).toContain('hash_conflict');
  expect(updates.at(-1)).toBe('ok');
});

test('each channel keeps its own Retry-After for posts', async () => {
  const direct = workspace
    .channels()
    .find(({ kind, members }) => kind === 'im' && members.includes(PEOPLE.release1));
  const limits = [
    { channel: INCIDENTS, seconds: 3 },
    { channel: direct?.id ?? '', seconds: 1 },
  ];
  const before = workspace.calls().length;
  for (const { channel, seconds } of limits)
    workspace.script({
      method: 'chat.postMessage',
      where: { channel },
      answer: { kind: 'ratelimited', retryAfterSeconds: seconds },
    });
  const incident = await request(workspace, `${GATE} checkout production 15m INC-4`);
  await incident.asked(PEOPLE.release1);
  const calls = workspace.calls().slice(before);
  for (const { channel, seconds } of limits) {
    const [limited, ...later] = calls.filter(
      ({ method, args }) => method.startsWith('chat.') && args['channel'] === channel,
    );
    expect(limited?.status).toBe(429);
    expect(later.length).toBeGreaterThan(0);
    const until = (limited?.at ?? Number.NaN) + seconds * 1_000;
    expect(later.every(({ at }) => at >= until)).toBe(true);
  }
});
