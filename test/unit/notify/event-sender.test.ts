import type { ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import { CloudEvent, HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { EventTarget, ToldEvent } from '#application/ports/events';
import type { Digest } from '#ledger/digest';
import { createEventSender, type EventSenderOptions } from '#notify/events/event-sender';
import { receiver } from './receiver.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const digest = `sha256:${'5'.repeat(64)}` as Digest;
const AT = '2026-11-22T02:00:00.000Z';
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

const receipt = { index: 41, size: 42, root: 'a2taAAAA' };
const said = {
  at: AT,
  bypass: 'bp-1',
  gate: 'image-policy',
  deploy: 'run-1#1',
  outcome: 'succeeded',
};
const own: ToldEvent = {
  id: digest,
  type: 'sh.safeguard.breakglass.deploy.finished.v1',
  origin: 'breakglass.example/acme',
  at: 0,
  entry: { digest, receipt, said, deployed: null },
};
const deployed = {
  service: 'checkout',
  environment: 'production',
  artifactId: `pkg:oci/checkout@sha256%3A${'a'.repeat(64)}`,
};
const cdEvent: ToldEvent = {
  ...own,
  id: `${digest}/cdevents`,
  type: 'dev.cdevents.service.deployed.0.3.0',
  entry: { digest, receipt, said, deployed },
};

async function receiving(answer: (response: ServerResponse) => void) {
  const one = await receiver(answer);
  opened.push(one);
  return one;
}

const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end('thanks');

async function send(
  url: string,
  event = own,
  options: Partial<EventSenderOptions> = {},
  before: EventTarget['before'] = [],
) {
  const sender = createEventSender({ allowPrivate: true, ...options });
  opened.push(sender);
  const { durationMs, ...rest } = await sender.send({ url, secret, before }, event);
  expect(durationMs).toBeGreaterThanOrEqual(0);
  return rest;
}

it('an event arrives as a CloudEvent, signed, under its own id', async () => {
  const target = await receiving(status(204));
  expect(await send(target.url)).toEqual({ outcome: 'delivered', status: 204 });
  const [{ headers, body } = { headers: {}, body: '' }] = target.received;
  expect(headers['webhook-id']).toBe(digest);
  new Webhook(secret).verify(body, headers as Record<string, string>);
  expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow(
    'No matching signature',
  );
  const read = HTTP.toEvent({ headers, body });
  if (!(read instanceof CloudEvent)) throw new TypeError('one event');
  expect(read.validate()).toBe(true);
  expect(JSON.parse(body)).toEqual({
    specversion: '1.0',
    id: digest,
    type: 'sh.safeguard.breakglass.deploy.finished.v1',
    source: 'breakglass.example/acme',
    subject: 'bp-1',
    time: AT,
    datacontenttype: 'application/json',
    data: { ...said, receipt: { entry: digest, ...receipt } },
  });
});

/** schemas/servicedeployed.json of CDEvents 0.5.1, those of upgraded and rolledback being alike. */
const text = z.string().min(1);
const cdEventSchema = z.strictObject({
  context: z.strictObject({
    specversion: text,
    id: text,
    source: text,
    type: z.literal('dev.cdevents.service.deployed.0.3.0'),
    timestamp: z.iso.datetime(),
  }),
  subject: z.strictObject({
    id: text,
    content: z.strictObject({ environment: z.strictObject({ id: text }), artifactId: text }),
  }),
  customData: z.record(z.string(), z.unknown()),
  customDataContentType: z.literal('application/json'),
});

it('a CDEvent is bound to its CloudEvent as CDEvents has it', async () => {
  const target = await receiving(status(200));
  await send(target.url, cdEvent);
  const event = JSON.parse(target.received[0]?.body ?? '') as Record<string, unknown>;
  const data = cdEventSchema.parse(event['data']);
  expect(event).toMatchObject({
    id: data.context.id,
    type: data.context.type,
    source: data.context.source,
    subject: data.subject.id,
    time: data.context.timestamp,
  });
  expect(data.subject).toEqual({
    id: 'checkout',
    content: { environment: { id: 'production' }, artifactId: deployed.artifactId },
  });
  expect(data.customData).toMatchObject({ bypass: 'bp-1', receipt: { entry: digest, index: 41 } });
});

it('a trial says nothing of any bypass', async () => {
  const target = await receiving(status(200));
  await send(target.url, { ...own, type: 'sh.safeguard.breakglass.webhook.trial.v1', entry: null });
  const event = JSON.parse(target.received[0]?.body ?? '') as Record<string, unknown>;
  expect(event['data']).toEqual({ trial: true });
  expect(event).not.toHaveProperty('subject');
});

it.each([
  [200, 'delivered'],
  [202, 'delivered'],
  [301, 'refused'],
  [401, 'refused'],
  [410, 'gone'],
  [429, 'refused'],
  [503, 'refused'],
] as const)('a receiver that answers %i means %s', async (code, outcome) => {
  const target = await receiving(status(code));
  expect(await send(target.url)).toEqual({ outcome, status: code });
});

it.each([
  [429, { 'retry-after': '90' }, 90_000],
  [503, { 'retry-after': '0' }, 0],
  [503, { 'retry-after': '999999999' }, 3_600_000],
  // The receiver's clock is a year behind; both are its own.
  [
    503,
    { 'retry-after': 'Sat, 22 Nov 2025 02:10:00 GMT', date: 'Sat, 22 Nov 2025 02:00:00 GMT' },
    600_000,
  ],
  [503, { 'retry-after': 'Sat, 22 Nov 2025 02:00:00 GMT' }, 0],
])(
  'a receiver that answers %i with %j wants to hear more %i ms later',
  async (code, headers, ms) => {
    const target = await receiving(status(code, headers));
    expect(await send(target.url)).toEqual({ outcome: 'refused', status: code, retryAfterMs: ms });
  },
);

it.each([
  [503, { 'retry-after': 'soon' }, 'refused'],
  [503, { 'retry-after': '-1' }, 'refused'],
  [200, { 'retry-after': '90' }, 'delivered'],
  [410, { 'retry-after': '90' }, 'gone'],
])('a receiver that answers %i with %j asks for no time', async (code, headers, outcome) => {
  const target = await receiving(status(code, headers));
  expect(await send(target.url)).toEqual({ outcome, status: code });
});

it('while a secret is exchanged each of both verifies what arrives', async () => {
  const target = await receiving(status(200));
  const last = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
  await send(target.url, own, {}, [{ secret: last, until: 0 }]);
  const [{ headers, body } = { headers: {}, body: '' }] = target.received;
  const sent = headers as Record<string, string>;
  for (const one of [secret, last]) new Webhook(one).verify(body, sent);
  const strange = new Webhook(`whsec_${Buffer.alloc(32, 9).toString('base64')}`);
  expect(() => strange.verify(body, sent)).toThrow('No matching signature');
});

it('no redirect is followed', async () => {
  const inside = await receiving(status(200));
  const target = await receiving(status(308, { location: inside.url }));
  expect(await send(target.url)).toEqual({ outcome: 'refused', status: 308 });
  expect(inside.received).toEqual([]);
});

it('a receiver that is silent, or not there, is told apart', async () => {
  const silent = await receiving(() => undefined);
  expect(await send(silent.url, own, { timeoutMs: 50 })).toEqual({
    outcome: 'timed-out',
    status: null,
  });
  await silent.close();
  expect(await send(silent.url)).toEqual({ outcome: 'unreachable', status: null });
});

it('an address inside the network is refused, by name or number, and http with it', async () => {
  const target = await receiving(status(200));
  const lookup: LookupFunction = (_name, _options, callback) => {
    callback(null, [{ address: '169.254.169.254', family: 4 }]);
  };
  const refused = { outcome: 'address-refused', status: null };
  const guarded = { allowPrivate: false, lookup };
  expect(await send('https://hooks.example/', own, guarded)).toEqual(refused);
  expect(await send(`https://127.0.0.1:${target.port}/`, own, guarded)).toEqual(refused);
  expect(await send(target.url, own, guarded)).toEqual(refused);
  expect(target.received).toEqual([]);
});
