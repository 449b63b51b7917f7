import type { LookupAddress } from 'node:dns';
import type { ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { PageFailed, type Page } from '#application/ports/pager';
import { createWebhookPager, type WebhookPagerOptions } from '#notify/webhook-pager';
import { WebhookMisconfigured } from '#notify/webhook-settings';
import { card, page } from './page.ts';
import { receiver, type Receiver } from './receiver.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function receiving(answer: (response: ServerResponse) => void): Promise<Receiver> {
  const one = await receiver(answer);
  opened.push(one);
  return one;
}

function pager(options: Partial<WebhookPagerOptions> & { readonly url: string }) {
  const logged: unknown[] = [];
  const log = { warn: (...line: unknown[]): void => void logged.push(line) };
  const one = createWebhookPager({ secret, log, allowPrivate: true, ...options });
  opened.push(one);
  return { page: (sent: Page) => one.page(sent), logged };
}

const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end('thanks');

const failure = (delivery: Promise<void>): Promise<string> =>
  delivery.then(
    () => 'delivered',
    (error: unknown) => (error instanceof PageFailed ? error.code : String(error)),
  );

describe('a page', () => {
  it('is signed by the time that it is given, whatever this process takes the time to be', async () => {
    const target = await receiving(status(204));
    const at = Date.UTC(2026, 10, 22, 12);
    await pager({ url: target.url }).page({ ...page, at });
    const [{ headers, body } = { headers: {}, body: '' }] = target.received;
    expect(headers['webhook-timestamp']).toBe(String(at / 1_000));
    expect(JSON.parse(body)).toMatchObject({ timestamp: '2026-11-22T12:00:00.000Z' });
  });

  it('arrives signed, with all that an approver must know', async () => {
    const target = await receiving(status(204));
    await pager({ url: target.url }).page(page);
    const [{ headers, body } = { headers: {}, body: '' }] = target.received;
    expect(headers['webhook-id']).toBe('msg-1');
    expect(headers['content-type']).toBe('application/json');
    const payload = new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(payload).toEqual({
      type: 'breakglass.page.asked',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      data: {
        bypass: 'bp-1',
        dedupKey: 'bp-1',
        drill: false,
        evaluation: false,
        phase: 'waiting',
        gate: 'image-policy',
        gates: ['image-policy'],
        gateDescription: 'Only signed images reach production',
        scope: {
          service: 'checkout',
          environment: 'production',
          branch: null,
          artifact: 'sha256:9f2c',
        },
        severity: 'sev1',
        incident: 'INC-4312',
        requester: 'J. Doe',
        tiers: ['high'],
        requirements: [{ from: 'release', count: 2, have: 1 }],
        justification: card.justification,
        link: 'https://breakglass.example/b/bp-1',
        ttlAsked: 3_600,
        openedAt: '2026-11-22T12:00:00.000Z',
        receipt: { index: 1042, size: 1043, root: 'a2taAAAA' },
        pendingUntil: '2026-11-22T12:30:00.000Z',
        expiresAt: null,
      },
    });
  });

  it('does not verify with another secret', async () => {
    const target = await receiving(status(200));
    await pager({ url: target.url }).page(page);
    const [{ headers, body } = { headers: {}, body: '' }] = target.received;
    const other = new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`);
    expect(() => other.verify(body, headers as Record<string, string>)).toThrow();
  });

  it('that is tried again has the same id and key, whatever its kind says', async () => {
    const target = await receiving(status(200));
    const { page: send } = pager({ url: target.url });
    await send(page);
    await send(page);
    await send({ ...page, id: 'msg-2', kind: 'escalated' });
    await send({ ...page, id: 'msg-3', kind: 'resolved' });
    expect(target.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      'msg-1',
      'msg-1',
      'msg-2',
      'msg-3',
    ]);
    const bodies = target.received.map(
      ({ body }) => JSON.parse(body) as { type: string; data: { dedupKey: string } },
    );
    expect(bodies.at(-1)?.type).toBe('breakglass.page.resolved');
    expect(new Set(bodies.map(({ data }) => data.dedupKey))).toEqual(new Set(['bp-1']));
  });
});

describe('a receiver', () => {
  it.each([
    [200, 'delivered'],
    [202, 'delivered'],
    [301, 'rejected'],
    [400, 'rejected'],
    [404, 'rejected'],
    [410, 'rejected'],
    [429, 'unavailable'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('that answers %i means %s', async (code, outcome) => {
    const target = await receiving(status(code));
    const { page: send, logged } = pager({ url: target.url });
    expect(await failure(send(page))).toBe(outcome);
    expect(logged).toHaveLength(outcome === 'delivered' ? 0 : 1);
  });

  it('that redirects is not followed', async () => {
    const inside = await receiving(status(200));
    const target = await receiving(status(307, { location: inside.url }));
    expect(await failure(pager({ url: target.url }).page(page))).toBe('rejected');
    expect(inside.received).toEqual([]);
  });

  it('that never answers, hangs up or is not there is unavailable', async () => {
    const silent = await receiving(() => undefined);
    expect(await failure(pager({ url: silent.url, timeoutMs: 50 }).page(page))).toBe('unavailable');
    const rude = await receiving((response) => response.destroy());
    expect(await failure(pager({ url: rude.url }).page(page))).toBe('unavailable');
    await rude.close();
    expect(await failure(pager({ url: rude.url }).page(page))).toBe('unavailable');
  });

  it('that talks without end is heard for 64 KiB, and the page counts as delivered', async () => {
    let sent = 0;
    const { promise: hungUp, resolve } = Promise.withResolvers<void>();
    const target = await receiving((response) => {
      const more = (): void => {
        sent += 16_384;
        response.write(Buffer.alloc(16_384), (error) => {
          if (error === null || error === undefined) more();
        });
      };
      response.on('close', resolve);
      response.writeHead(200);
      more();
    });
    await pager({ url: target.url }).page(page);
    await hungUp;
    // What the sockets' buffers swallow is beyond the reader's reach.
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  it('is named in the log by its host alone', async () => {
    const target = await receiving(status(500));
    const { page: send, logged } = pager({ url: `${target.url}/token-in-path?key=hush` });
    await failure(send(page));
    expect(JSON.stringify(logged)).toContain('127.0.0.1');
    expect(JSON.stringify(logged)).not.toMatch(/token-in-path|hush|whsec/);
  });
});

describe('an address inside the network', () => {
  const resolving =
    (...answers: LookupAddress[][]): LookupFunction =>
    (_host, options, callback) => {
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      const [first] = answer ?? [];
      if (options.all === true) callback(null, answer ?? []);
      else callback(null, first?.address ?? '', first?.family);
    };
  const LOOPBACK = { address: '127.0.0.1', family: 4 };
  // Global unicast that IANA has given to nobody: public by its number, and no host answers.
  const PUBLIC = { address: '2d00::1', family: 6 };

  it.each([
    'https://127.0.0.1',
    'https://2130706433',
    'https://0x7f.1',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://169.254.169.254',
    'https://localhost',
  ])('is refused when written out: %s', async (base) => {
    const target = await receiving(status(200));
    const { page: send } = pager({ url: `${base}:${target.port}/`, allowPrivate: false });
    expect(await failure(send(page))).toBe('address-refused');
    expect(target.received).toEqual([]);
  });

  it.each([
    [[LOOPBACK]],
    [[{ address: '::ffff:127.0.0.1', family: 6 }]],
    [[{ address: '1.1.1.1', family: 4 }, LOOPBACK]],
    [[]],
  ])('is refused when a name resolves to it: %j', async (answer) => {
    const target = await receiving(status(200));
    const url = `https://hooks.example.com:${target.port}/`;
    const { page: send } = pager({ url, allowPrivate: false, lookup: resolving(answer) });
    expect(await failure(send(page))).toBe('address-refused');
    expect(target.received).toEqual([]);
  });

  it('is not reached by a name that changes its answer between the check and the connection', async () => {
    const target = await receiving(status(200));
    let asked = 0;
    const rebinding = resolving([PUBLIC], [LOOPBACK]);
    const lookup: LookupFunction = (...call) => {
      asked += 1;
      rebinding(...call);
    };
    const url = `https://hooks.example.com:${target.port}/`;
    const { page: send } = pager({ url, allowPrivate: false, lookup, timeoutMs: 200 });
    expect(await failure(send(page))).toBe('unavailable');
    expect(asked).toBe(1);
    expect(await failure(send(page))).toBe('address-refused');
    expect(target.received).toEqual([]);
  });

  it('is reached when that is allowed', async () => {
    const target = await receiving(status(200));
    const url = `http://hooks.example.com:${target.port}/`;
    const { page: send } = pager({ url, lookup: resolving([LOOPBACK]) });
    expect(await failure(send(page))).toBe('delivered');
  });
});

describe('settings', () => {
  const refusal = (url: string, withSecret: string, allowPrivate = false): unknown => {
    try {
      pager({ url, secret: withSecret, allowPrivate });
      return null;
    } catch (error) {
      expect(error).toBeInstanceOf(WebhookMisconfigured);
      expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('hush');
      return (error as WebhookMisconfigured).code;
    }
  };

  it.each([
    ['https://hooks.example.com/hush', null],
    ['http://hooks.example.com/hush', 'https-needed'],
    ['ftp://hooks.example.com/hush', 'url-unreadable'],
    ['hush', 'url-unreadable'],
    ['https://user:hush@hooks.example.com/', 'url-with-credentials'],
  ])('the address %s gives %s', (url, code) => {
    expect(refusal(url, secret)).toBe(code);
  });

  it.each([
    [secret, null],
    ['', 'secret-unreadable'],
    ['hush', 'secret-unreadable'],
    ['whsec_', 'secret-unreadable'],
    ['whsec_hush hush', 'secret-unreadable'],
    [`${secret}\n`, 'secret-unreadable'],
    ['whsec_hush', 'secret-length'],
    [`whsec_${Buffer.alloc(23).toString('base64')}`, 'secret-length'],
    [`whsec_${Buffer.alloc(24).toString('base64')}`, null],
    [`whsec_${Buffer.alloc(65).toString('base64')}`, 'secret-length'],
  ])('the secret %j gives %s', (text, code) => {
    expect(refusal('https://hooks.example.com/', text)).toBe(code);
  });
});
