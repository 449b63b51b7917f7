import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { proposeClose } from '#application/events/propose-close';
import { MINUTE_MS } from '#domain/instant';
import { incidentRoute } from '#http/incident-route';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const [{ ports, stores }] = installation.replicas;

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const PAGERDUTY_SECRET = 'a-secret-of-pagerduty';
const logged: unknown[] = [];
const keep = (...line: unknown[]): void => void logged.push(line);

const route = (has: Partial<Parameters<typeof incidentRoute>[0]> = {}) =>
  incidentRoute({
    sources: stores.incidentSources,
    resolved: (tenant, names) => proposeClose(ports, tenant, names),
    log: { error: keep, warn: keep },
    proxies: 0,
    ...has,
  });

async function paged() {
  const tenant = await installation.tenant();
  await stores.incidentSources.putSecret(tenant.id, 'standard', secret);
  await stores.incidentSources.putSecret(tenant.id, 'pagerduty', PAGERDUTY_SECRET);
  return tenant;
}

interface Signed {
  readonly with?: string;
  readonly at?: Date;
  readonly to?: ReturnType<typeof route>;
}

const posted = (
  { name }: Pick<TestTenant, 'name'>,
  body: string,
  headers: Record<string, string>,
): Request =>
  new Request(`http://breakglass.example/v1/incidents?tenant=${name}`, {
    method: 'POST',
    headers,
    body,
  });

async function tell(
  tenant: Pick<TestTenant, 'name'>,
  message: unknown,
  { with: key = secret, at = new Date(), to = route() }: Signed = {},
): Promise<number> {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  const headers = {
    'webhook-id': 'msg-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(key).sign('msg-1', at, body),
  };
  return (await to(posted(tenant, body, headers), { peer: '192.0.2.7' })).status;
}

const proposals = (tenant: TestTenant) =>
  tenant.notes(PEOPLE.onCall).filter((note) => note.kind === 'incident-over');

const RESOLVED = { incident: 'INC-4312', status: 'resolved', at: 'now', by: 'them' };

test('who asked for a bypass of an incident that is over is told so, once, and nothing closes', async () => {
  const tenant = await paged();
  const bypass = await tenant.activate({ incident: 'inc-4312 ' });
  const other = await tenant.activate({ incident: 'INC-4313' });
  const before = await tenant.events();
  expect(await tell(tenant, RESOLVED)).toBe(202);
  await tenant.settled();
  expect(proposals(tenant)).toMatchObject([{ card: { bypass, incident: 'inc-4312 ' } }]);
  expect(await tell(tenant, RESOLVED)).toBe(202);
  await tenant.settled();
  expect(proposals(tenant)).toHaveLength(1);
  expect(await tenant.events()).toEqual(before);
  // The button is the one of every card, judged as always.
  expect(await tenant.press(PEOPLE.bystander, { kind: 'close', bypass })).toBe('refused');
  expect(await tenant.press(PEOPLE.onCall, { kind: 'close', bypass })).toBe('done');
  expect((await tenant.bypass(other)).phase).toBe('active');
});

test('two that come at once are one', async () => {
  const tenant = await paged();
  await tenant.activate({ incident: 'INC-4312' });
  const told = await Promise.all([1, 2, 3].map(() => tell(tenant, RESOLVED)));
  expect(told).toEqual([202, 202, 202]);
  await tenant.settled();
  expect(proposals(tenant)).toHaveLength(1);
});

test('what is not open, not known or not over moves nobody', async () => {
  const tenant = await paged();
  await tenant.open({ incident: 'INC-4312' });
  const closed = await tenant.activate({ incident: 'INC-4312' });
  await tenant.press(PEOPLE.onCall, { kind: 'close', bypass: closed });
  await tenant.activate({ incident: null });
  expect(await tell(tenant, RESOLVED)).toBe(202);
  expect(await tell(tenant, { ...RESOLVED, incident: 'INC-0' })).toBe(202);
  await tenant.activate({ incident: 'INC-1' });
  expect(await tell(tenant, { incident: 'INC-1', status: 'triggered' })).toBe(202);
  await tenant.settled();
  expect(proposals(tenant)).toEqual([]);
});

test('PagerDuty’s own webhook does the same, by id or address', async () => {
  const tenant = await paged();
  await tenant.activate({ incident: 'https://acme.pagerduty.com/incidents/PGR0VU2' });
  const event = (type: string, data: object = {}) =>
    JSON.stringify({
      event: {
        id: '5ac64822-4adc-4fda-ade0-410becf0de4f',
        event_type: type,
        resource_type: 'incident',
        occurred_at: '2020-10-02T18:45:22.169Z',
        agent: { id: 'PLH1HKV', type: 'user_reference' },
        client: null,
        data: { id: 'PGR0VU2', type: 'incident', status: 'resolved', html_url: null, ...data },
      },
    });
  const send = async (body: string, key = PAGERDUTY_SECRET, other = '') => {
    const signature = `v1=${createHmac('sha256', key).update(body).digest('hex')}`;
    const headers = { 'x-pagerduty-signature': `${other}${signature}` };
    return (await route()(posted(tenant, body, headers))).status;
  };
  expect(await send(event('incident.resolved'), 'another-secret-of-theirs')).toBe(401);
  expect(await send(event('incident.acknowledged'))).toBe(202);
  expect(await send(JSON.stringify({ event: { event_type: 'pagey.ping' } }))).toBe(202);
  await tenant.settled();
  expect(proposals(tenant)).toEqual([]);
  // While a secret is exchanged it is signed with both.
  expect(await send(event('incident.resolved'), PAGERDUTY_SECRET, `v1=${'0'.repeat(64)},`)).toBe(
    202,
  );
  await tenant.settled();
  expect(proposals(tenant)).toHaveLength(1);
});

test('who cannot sign is refused, whatever is wrong, in the same words', async () => {
  const tenant = await paged();
  const bare = await installation.tenant();
  await tenant.activate({ incident: 'INC-4312' });
  const wrong = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
  expect(await tell(tenant, RESOLVED, { with: wrong })).toBe(401);
  expect(await tell(bare, RESOLVED)).toBe(401);
  expect(await tell({ name: 'nobody' }, RESOLVED)).toBe(401);
  expect(await tell({ name: '' }, RESOLVED)).toBe(401);
  const old = new Date(Date.now() - 6 * MINUTE_MS);
  expect(await tell(tenant, RESOLVED, { at: old })).toBe(401);
  const answers = await Promise.all(
    [
      posted(tenant, '{}', {}),
      posted({ name: 'nobody' }, '{}', { 'webhook-signature': 'v1,x' }),
    ].map(async (request) => (await route()(request)).text()),
  );
  expect(new Set(answers).size).toBe(1);
  await tenant.settled();
  expect(proposals(tenant)).toEqual([]);
  // A secret that was replaced counts no more.
  await stores.incidentSources.putSecret(tenant.id, 'standard', wrong);
  expect(await tell(tenant, RESOLVED)).toBe(401);
  expect(await tell(tenant, RESOLVED, { with: wrong })).toBe(202);
});

test('a secret of one tenant says nothing for another', async () => {
  const tenant = await paged();
  const other = await installation.tenant();
  await stores.incidentSources.putSecret(
    other.id,
    'standard',
    `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
  );
  await other.activate({ incident: 'INC-4312' });
  expect(await tell(other, RESOLVED)).toBe(401);
  expect(await tell(tenant, RESOLVED)).toBe(202);
  await other.settled();
  expect(proposals(other)).toEqual([]);
  const { rows } = await installation.database.pool.query('SELECT secret FROM app.incident_source');
  expect(JSON.stringify(rows)).not.toContain(Buffer.from(secret).toString('hex'));
});

test('what is signed and cannot be read is told so, and no path of it fails', async () => {
  const tenant = await paged();
  for (const body of [
    '{',
    '[]',
    'null',
    '{"incident":1,"status":"resolved"}',
    '{"status":"resolved"}',
  ])
    expect(await tell(tenant, body)).toBe(400);
  const long = { incident: 'x'.repeat(501), status: 'resolved' };
  expect(await tell(tenant, long)).toBe(400);
  expect(await tell(tenant, ' '.repeat(256 * 1024 + 1))).toBe(413);
  const at = `http://breakglass.example/v1/incidents`;
  expect((await route()(new Request(at))).status).toBe(405);
  expect((await route()(new Request(`${at}/more`, { method: 'POST' }))).status).toBe(404);
  expect(logged).toEqual([]);
});

test('whoever floods waits, and a database that fails is said so', async () => {
  const tenant = await paged();
  const slow = route({
    limit: { perSecond: 1, burst: 2, deadlineMs: 5_000 },
    monotonicMs: () => 0,
  });
  const flood = [];
  for (let count = 0; count < 3; count += 1) flood.push(await tell(tenant, RESOLVED, { to: slow }));
  expect(flood).toEqual([202, 202, 429]);
  const broken = route({ resolved: () => Promise.reject(new RangeError('the database is down')) });
  expect(await tell(tenant, RESOLVED, { to: broken })).toBe(503);
  expect(logged).toHaveLength(1);
});
