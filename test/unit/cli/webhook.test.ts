import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { EventTarget } from '#application/ports/events';
import { addWebhook, rotateSecret, type NewWebhook } from '#cli/webhook/add-webhook';
import { deliveryLines, webhookLines } from '#cli/webhook/lines';
import { receiveSecret } from '#cli/webhook/receive-secret';
import { tenantId } from '#domain/ids';

const acme = tenantId('acme');
const AT = Date.UTC(2026, 10, 22, 2);

describe('a webhook whose secret is exchanged', () => {
  const rotate = (isThere: boolean, exchanged: unknown[] = []) =>
    rotateSecret(
      {
        async exchangeSecret(...call) {
          exchanged.push(call);
          return isThere;
        },
      },
      acme,
      'id-1',
      60_000,
    );

  it('gets the secret that is printed, for as long as was said', async () => {
    const exchanged: unknown[] = [];
    const secret = await rotate(true, exchanged);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(exchanged).toEqual([[acme, 'id-1', secret, 60_000]]);
  });

  it('has to be there', async () => {
    await expect(rotate(false)).rejects.toThrow('There is no such webhook.');
  });
});

describe('a webhook that is added', () => {
  const added: EventTarget[] = [];
  const add = (has: Partial<NewWebhook>, room = true) =>
    addWebhook(
      {
        async subscribe(_tenant, target) {
          added.push(target);
          return room ? 'id-1' : null;
        },
      },
      acme,
      { url: 'https://hooks.acme.example/a', types: [], allowPrivate: false, ...has },
    );

  it('gets a secret of its own each time', async () => {
    const [a, b] = [await add({}), await add({ types: ['dev.cdevents.*'] })];
    expect(a.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(a.secret).not.toBe(b.secret);
    expect(added.map(({ secret }) => secret)).toEqual([a.secret, b.secret]);
  });

  it.each([
    ['http beyond the settings', { url: 'http://hooks.acme.example' }],
    ['credentials', { url: 'https://me:secret-word@hooks.acme.example' }],
    ['no address', { url: 'hooks' }],
    ['another scheme', { url: 'file:///etc/passwd' }],
    ['a type that is none', { types: ['*'] }],
    ['too many types', { types: Array.from({ length: 21 }, () => 'a') }],
  ])('is refused with %s, in words without it', async (_what, has) => {
    const before = added.length;
    await expect(add(has)).rejects.toMatchObject({ code: 'usage' });
    await expect(add(has)).rejects.not.toThrow('secret-word');
    expect(added).toHaveLength(before);
  });

  it('may be http where the settings let it, and one too many is said', async () => {
    expect((await add({ url: 'http://127.0.0.1:1/', allowPrivate: true })).id).toBe('id-1');
    await expect(add({}, false)).rejects.toThrow('remove one first');
  });
});

it('webhooks and deliveries are shown on lines that nobody else writes', () => {
  const webhook = { id: 'id-1', host: 'a.example\u001B[2J', types: [], createdAt: AT, goneAt: AT };
  expect(webhookLines([webhook])).toEqual([
    'id-1  a.example�[2J  all types  gone since 2026-11-22T02:00:00.000Z: remove it, add it anew',
  ]);
  const tries = [
    { at: AT, outcome: 'refused', status: 503, durationMs: 12 },
    { at: AT, outcome: 'timed-out', status: null, durationMs: 10_000 },
  ] as const;
  const delivery = {
    id: 'd-1',
    subscription: 'id-1',
    event: 'sha256:aa',
    type: 't.v1',
    createdAt: AT,
  };
  expect(deliveryLines([{ ...delivery, deliveredAt: null, attempts: tries }])).toEqual([
    'd-1  2026-11-22T02:00:00.000Z  t.v1  sha256:aa  not delivered',
    '    2026-11-22T02:00:00.000Z  refused 503  12 ms',
    '    2026-11-22T02:00:00.000Z  timed-out  10000 ms',
  ]);
});

it('a secret for incidents is made here, or read and never shown', async () => {
  const put: string[] = [];
  const sources = {
    putSecret: async (...given: readonly string[]) => void put.push(given.slice(1).join(' ')),
  };
  const input = (text: string) => Readable.from([text]);
  const made = await receiveSecret(sources, acme, 'standard', input(''));
  expect(made).toMatch(/^whsec_/);
  const theirs = 'abcdefghijklmnopqrstuvwxyz';
  expect(await receiveSecret(sources, acme, 'pagerduty', input(`${theirs}\n`))).toBeNull();
  expect(put).toEqual([`standard ${made}`, `pagerduty ${theirs}`]);
  await expect(receiveSecret(sources, acme, 'pagerduty', input('\n'))).rejects.toMatchObject({
    code: 'usage',
  });
});
