/* oxlint-disable unicorn/require-post-message-target-origin -- Slack's chat.postMessage, not a window's */
import { WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWorkspace, type Workspace } from '#workspace/workspace';
import { acme, ANA, BOT_TOKEN, clientOf, GENERAL, INCIDENTS, refusal } from './acme.ts';

let workspace: Workspace;

beforeEach(async () => {
  workspace = await startWorkspace({ seed: acme() });
});

afterEach(() => workspace.close());

function post(client = clientOf(workspace), channel = GENERAL) {
  return client.chat.postMessage({ channel, text: 'x' });
}

test('a rate limit carries Retry-After, and nothing was posted', async () => {
  workspace.script({
    method: 'chat.postMessage',
    answer: { kind: 'ratelimited', retryAfterSeconds: 7 },
  });
  const client = clientOf(workspace, { rejectRateLimitedCalls: true });
  const error: unknown = await post(client).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(WebAPIRateLimitedError);
  expect((error as WebAPIRateLimitedError).retryAfter).toBe(7);
  expect(workspace.as(ANA).messages(GENERAL)).toEqual([]);
  await post(client);
});

test('a client that retries gets through once the limit is over', async () => {
  workspace.script({
    method: 'chat.postMessage',
    answer: { kind: 'ratelimited', retryAfterSeconds: 1 },
  });
  await post(clientOf(workspace, { retryConfig: { retries: 1, minTimeout: 1 } }));
  expect(workspace.calls('chat.postMessage').map(({ status }) => status)).toEqual([429, 200]);
});

test('a dropped answer leaves the message posted, so that a retry posts it twice', async () => {
  workspace.script({ method: 'chat.postMessage', answer: { kind: 'drop-after-accept' } });
  await post(clientOf(workspace, { retryConfig: { retries: 1, minTimeout: 1 } }));
  expect(workspace.as(ANA).messages(GENERAL)).toHaveLength(2);
});

test('a call that was dropped before it took effect left nothing', async () => {
  workspace.script({ method: '*', answer: { kind: 'drop-before-accept' } });
  await expect(post()).rejects.toBeInstanceOf(WebAPIRequestError);
  expect(workspace.as(ANA).messages(GENERAL)).toEqual([]);
  expect(workspace.calls().map(({ status }) => status)).toEqual([0]);
});

test('errors, statuses and delays are scripted for so many calls, and for some arguments', async () => {
  const handle = workspace.script({
    method: 'chat.postMessage',
    times: 2,
    where: { channel: INCIDENTS },
    answer: { kind: 'error', error: 'edit_window_closed' },
  });
  await post();
  expect((await refusal(post(clientOf(workspace), INCIDENTS))).error).toBe('edit_window_closed');
  expect(handle.remaining()).toBe(1);
  handle.cancel();
  await post(clientOf(workspace), INCIDENTS);
  workspace.script({ method: 'auth.test', answer: { kind: 'http', status: 503 } });
  await expect(clientOf(workspace).auth.test()).rejects.toMatchObject({ statusCode: 503 });
  workspace.script({ method: 'auth.test', answer: { kind: 'delay', ms: 200 } });
  await expect(clientOf(workspace, { timeout: 20 }).auth.test()).rejects.toBeInstanceOf(
    WebAPIRequestError,
  );
});

test('an answer in HTML is what a proxy gives, with any status', async () => {
  const html = '<html><title>502 Bad Gateway</title></html>';
  workspace.script({ method: 'auth.test', answer: { kind: 'http', status: 502, html } });
  await expect(clientOf(workspace).auth.test()).rejects.toMatchObject({ statusCode: 502 });
  workspace.script({ method: 'auth.test', answer: { kind: 'http', status: 200, html } });
  await expect(clientOf(workspace).auth.test()).rejects.toMatchObject({ data: { ok: false } });
});

test('a call that hangs is given up by its caller, and took effect only if it was accepted', async () => {
  for (const accepted of [false, true]) {
    workspace.script({ method: 'chat.postMessage', answer: { kind: 'hang', accepted } });
    const before = workspace.calls().length;
    const giveUp = new AbortController();
    const call = fetch(`${workspace.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: GENERAL, text: 'x' }),
      signal: giveUp.signal,
    });
    await expect.poll(() => workspace.calls().length).toBe(before + 1);
    giveUp.abort();
    await expect(call).rejects.toThrow();
    expect(workspace.as(ANA).messages(GENERAL)).toHaveLength(accepted ? 1 : 0);
    await expect.poll(() => workspace.calls().at(-1)?.status).toBe(0);
  }
});

test('with rate limits on, a channel takes a short burst and others go on', async () => {
  await workspace.close();
  workspace = await startWorkspace({ seed: acme(), rateLimits: true });
  const client = clientOf(workspace, { rejectRateLimitedCalls: true });
  for (let n = 0; n < 3; n += 1) await post(client);
  await expect(post(client)).rejects.toBeInstanceOf(WebAPIRateLimitedError);
  await post(client, INCIDENTS);
});
