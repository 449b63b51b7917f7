/* oxlint-disable unicorn/require-post-message-target-origin -- Slack's chat.postMessage, not a window's */
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { startWorkspace, type Workspace } from '#workspace/workspace';
import { acme, ANA, BEN, clientOf, GENERAL, GONE, INCIDENTS, JSON_TYPE } from './acme.ts';

const GUEST = 'U0GUEST001';
let workspace: Workspace;

beforeEach(async () => {
  workspace = await startWorkspace({ seed: acme() });
});

afterEach(() => workspace.close());

/** The numbers that a person's feed tells, one after the other. */
async function feed(userId: string): Promise<() => Promise<number>> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const { signal } = abort;
  const response = await fetch(`${workspace.origin}/driver/as/${userId}/feed`, { signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const numbers = told(response.body ?? new ReadableStream());
  return async () => (await numbers.next()).value ?? Number.NaN;
}

async function* told(body: ReadableStream<Uint8Array>): AsyncGenerator<number, undefined> {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) yield Number(event.slice('data: '.length));
  }
  return undefined;
}

const now = (): number => workspace.events().length;

test('a feed tells of itself at once, then of what the person can see', async () => {
  const next = await feed(ANA);
  expect(await next()).toBe(0);
  workspace.as(BEN).say(GENERAL, 'hello');
  expect(await next()).toBe(now());
});

test('nothing is told of what others see alone', async () => {
  const ofGuest = await feed(GUEST);
  const ofAna = await feed(ANA);
  expect([await ofGuest(), await ofAna()]).toEqual([0, 0]);
  workspace.as(BEN).say(INCIDENTS, 'not for guests');
  expect(await ofAna()).toBe(now());
  await clientOf(workspace).chat.postEphemeral({ channel: INCIDENTS, user: BEN, text: 'psst' });
  workspace.as(BEN).say(GENERAL, 'for all');
  const last = now();
  expect([await ofGuest(), await ofAna()]).toEqual([last, last]);
});

test('reading on in one window is told to the others', async () => {
  const { ts } = workspace.as(BEN).say(GENERAL, 'hello');
  const next = await feed(ANA);
  await next();
  const body = JSON.stringify({ channel: GENERAL, ts });
  await fetch(`${workspace.origin}/driver/as/${ANA}/read`, {
    method: 'POST',
    headers: JSON_TYPE,
    body,
  });
  expect(await next()).toBe(now());
});

test('nobody has a feed who cannot look', async () => {
  const response = await fetch(`${workspace.origin}/driver/as/${GONE}/feed`);
  expect([response.status, await response.json()]).toMatchObject([
    409,
    { error: 'person_deactivated' },
  ]);
});
