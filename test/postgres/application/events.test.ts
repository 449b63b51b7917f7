import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { raiseDeadLetters } from '#application/alarms/raise-dead-letters';
import { deliverEvent, EventNotDelivered } from '#application/events/deliver-event';
import { TRIAL_TYPE } from '#application/events/event-types';
import type { Attempt } from '#application/ports/events';
import { QUEUES } from '#application/ports/queues';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/instant';
import { cloudEventText } from '#notify/events/cloud-event';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { FORM, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { world, database } = installation;
const [replica] = installation.replicas;
const { events } = replica.stores;

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const DOWN: Attempt = { outcome: 'refused', status: 503, durationMs: 3 };

/** A tenant with a webhook, and what arrives there. */
async function listening(types: readonly string[] = []) {
  const tenant = await installation.tenant();
  const url = `https://hooks.example/${tenant.name}/token-in-the-path`;
  const id = await events.subscribe(tenant.id, { url, secret }, types);
  if (id === null) throw new RangeError('there is no room for a webhook');
  const arrived = () => world.events.filter(({ target }) => target.url === url);
  const heard = () => arrived().map(({ event }) => event.type.replace(OWN, ''));
  return { tenant, id, arrived, heard };
}

const OWN = 'sh.safeguard.breakglass.';

const deliveriesOf = ({ id }: TestTenant) => events.deliveries(id, { limit: 100 });

test('a webhook hears of every entry about a bypass, once, and of nothing before it was added', async () => {
  const { tenant, arrived, heard } = await listening();
  const bypass = await tenant.activate();
  await tenant.press(PEOPLE.onCall, { kind: 'close', bypass });
  await tenant.settled();
  expect(heard().toSorted()).toEqual(
    (await tenant.types(bypass)).map((type) => `${type}.v1`).toSorted(),
  );
  expect(heard()).toContain('bypass.activated.v1');
  const { rows } = await database.pool.query<{ digest: string }>(
    'SELECT statement_digest AS digest FROM app.log_entry WHERE bypass_id = $1',
    [bypass],
  );
  expect(new Set(arrived().map(({ event }) => event.id))).toEqual(
    new Set(rows.map(({ digest }) => digest)),
  );
  const made = await deliveriesOf(tenant);
  expect(
    made.every(({ deliveredAt, attempts }) => deliveredAt !== null && attempts.length === 1),
  ).toBe(true);
});

test('an event says where its entry stands, and nothing that anybody typed', async () => {
  const { tenant, arrived } = await listening(['sh.safeguard.breakglass.request.*']);
  const form = { justification: 'TYPED-WHY <!channel>', incident: 'INC-TYPED' };
  const bypass = await tenant.open(form);
  await tenant.press(PEOPLE.release1, { kind: 'deny', bypass, reason: 'TYPED-NO' });
  const told = arrived().map(({ event }) => JSON.parse(cloudEventText(event)) as Told);
  expect(told.map(({ type }) => type.replace(OWN, '')).toSorted()).toEqual([
    'request.denied.v1',
    'request.opened.v1',
  ]);
  const opened = told.find(({ type }) => type.includes('opened'));
  const [entry] = await tenant.events(bypass);
  expect(opened).toMatchObject({
    specversion: '1.0',
    source: `test.example/${tenant.name}`,
    subject: bypass,
    time: new Date(entry?.at ?? 0).toISOString(),
    data: { bypass, gate: FORM.gate, scope: FORM.scope, drill: false },
  });
  expect(opened?.data.receipt).toMatchObject({ entry: opened?.id, index: expect.any(Number) });
  const text = JSON.stringify(told);
  expect(text).not.toMatch(/TYPED|U0ONCALL|lookUps|detached/);
});

interface Told {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly receipt: { readonly entry: string; readonly index: number } };
}

test('a deploy that succeeded is a CDEvent of its own, beside ours', async () => {
  const { tenant, arrived } = await listening(['dev.cdevents.*']);
  await tenant.activate();
  const ci = await decisionClient(replica, tenant);
  const artifact = { name: 'ghcr.io/acme/Checkout:v7', digest: `sha256:${'a'.repeat(64)}` };
  const deploy = async (id: string, outcome: 'succeeded' | 'failed') => {
    const about = { deploy: { id, attempt: 1 }, artifact };
    expect(await ci.ask(about)).toMatchObject({ decision: 'bypass' });
    await ci.ask({ ...about, phase: 'finish', outcome });
    await tenant.settled();
  };
  await deploy('run-1', 'succeeded');
  await deploy('run-2', 'failed');
  await deploy('run-3', 'succeeded');
  expect(arrived().map(({ event }) => event.type)).toEqual([
    'dev.cdevents.service.deployed.0.3.0',
    'dev.cdevents.service.upgraded.0.3.0',
  ]);
  expect(arrived()[0]?.event.entry?.deployed).toEqual({
    service: 'checkout',
    environment: 'production',
    artifactId: `pkg:oci/checkout@sha256%3A${'a'.repeat(64)}?repository_url=ghcr.io/acme/Checkout`,
  });
  expect(arrived()[0]?.event.id).toMatch(/^sha256:[0-9a-f]{64}\/cdevents$/);
});

test('what is not taken is tried again, under the same id, until it is', async () => {
  const { tenant, arrived } = await listening([`${OWN}request.opened.v1`]);
  world.answers.push(DOWN, { outcome: 'timed-out', status: null, durationMs: 10_000 });
  await tenant.open();
  await tenant.hurry();
  await tenant.hurry();
  const [delivery] = await deliveriesOf(tenant);
  expect(delivery?.attempts.map(({ outcome, status }) => [outcome, status])).toEqual([
    ['refused', 503],
    ['timed-out', null],
    ['delivered', 204],
  ]);
  expect(delivery?.deliveredAt).not.toBeNull();
  expect(new Set(arrived().map(({ event }) => event.id)).size).toBe(1);
  // A job that runs twice sends nothing more.
  await deliverEvent({ events, eventSender: world }, tenant.id, delivery?.id ?? '');
  expect(arrived()).toHaveLength(3);
});

test('a receiver that asks for time hears of nothing before, from no replica, and of all after', async () => {
  const { tenant, arrived } = await listening([`${OWN}request.opened.v1`]);
  world.answers.push({ outcome: 'refused', status: 429, durationMs: 1, retryAfterMs: MINUTE_MS });
  await tenant.open();
  expect(arrived()).toHaveLength(1);
  await tenant.open();
  for (const _ of [1, 2]) await tenant.hurry();
  expect(arrived()).toHaveLength(1);
  const [newest] = await deliveriesOf(tenant);
  // It was not tried, so there is nothing to show.
  expect(newest?.attempts).toEqual([]);
  await expect(
    deliverEvent({ events, eventSender: world }, tenant.id, newest?.id ?? ''),
  ).rejects.toMatchObject({ code: 'held-back' });
  await installation.advance(MINUTE_MS);
  await tenant.hurry();
  expect((await deliveriesOf(tenant)).every(({ deliveredAt }) => deliveredAt !== null)).toBe(true);
});

test('an exchanged secret signs beside the next for as long as was said', async () => {
  const { tenant, id, arrived } = await listening();
  const secretsOf = async () => {
    await events.addTrial(tenant.id, id);
    await events.sendWanted(tenant.id);
    await tenant.settled();
    const { target } = arrived().at(-1) ?? {};
    return [target?.secret, ...(target?.before ?? []).map((one) => one.secret)];
  };
  expect(await events.exchangeSecret(tenant.id, id, 'second', HOUR_MS)).toBe(true);
  expect(await secretsOf()).toEqual(['second', secret]);
  await events.exchangeSecret(tenant.id, id, 'third', 2 * HOUR_MS);
  expect(await secretsOf()).toEqual(['third', 'second', secret]);
  await installation.advance(HOUR_MS);
  expect(await secretsOf()).toEqual(['third', 'second']);
  // Without time to keep it, the last one ends at once.
  await events.exchangeSecret(tenant.id, id, 'fourth', 0);
  expect(await secretsOf()).toEqual(['fourth', 'second']);
  await installation.advance(HOUR_MS);
  expect(await secretsOf()).toEqual(['fourth']);
  const other = await installation.tenant();
  expect(await events.exchangeSecret(other.id, id, 'theirs', HOUR_MS)).toBe(false);
  expect(await events.exchangeSecret(tenant.id, randomUUID(), 'theirs', HOUR_MS)).toBe(false);
  expect(await secretsOf()).toEqual(['fourth']);
});

test('a redelivery has the same id, and a trial says that it is one', async () => {
  const { tenant, id, arrived } = await listening();
  await tenant.open();
  const [delivery] = await deliveriesOf(tenant);
  expect(await events.wantAgain(tenant.id, delivery?.id ?? '')).toBe(true);
  expect(await events.addTrial(tenant.id, id)).not.toBeNull();
  expect(arrived()).toHaveLength(1);
  expect(await events.sendWanted(tenant.id)).toBe(2);
  expect(await events.sendWanted(tenant.id)).toBe(0);
  await tenant.settled();
  const ids = arrived().map(({ event }) => event.id);
  expect(ids.filter((one) => one === ids[0])).toHaveLength(2);
  expect(arrived().filter(({ event }) => event.type === TRIAL_TYPE)).toHaveLength(1);
});

test('what nobody takes for a day is a dead letter with its alarm, and can be redelivered', async () => {
  const { tenant, arrived } = await listening([`${OWN}request.opened.v1`]);
  const tries = 39;
  world.answers.push(...Array.from({ length: tries }, () => DOWN));
  await tenant.open();
  for (let tried = 1; tried < tries; tried += 1) await tenant.hurry();
  expect(arrived()).toHaveLength(tries);
  await tenant.hurry();
  expect(arrived()).toHaveLength(tries);
  const deadLetters = {
    countOf: (of: TestTenant['id']) => replica.jobs.deadLetters(QUEUES, { tenant: of }),
  };
  await raiseDeadLetters({ alarms: replica.stores.alarms, deadLetters }, tenant.id);
  await tenant.settled();
  expect(world.logged.at(-1)).toMatchObject({
    code: 'jobs-dead-lettered',
    about: { queue: 'event', jobs: 1 },
  });
  const [delivery] = await deliveriesOf(tenant);
  await events.wantAgain(tenant.id, delivery?.id ?? '');
  await events.sendWanted(tenant.id);
  await tenant.settled();
  expect((await deliveriesOf(tenant))[0]?.deliveredAt).not.toBeNull();
});

test('a receiver that is gone is told nothing more, and what it missed fails for good', async () => {
  const { tenant, arrived } = await listening();
  world.answers.push({ outcome: 'gone', status: 410, durationMs: 1 });
  await tenant.open();
  await tenant.hurry();
  expect(arrived()).toHaveLength(1);
  const [delivery] = await deliveriesOf(tenant);
  await expect(
    deliverEvent({ events, eventSender: world }, tenant.id, delivery?.id ?? ''),
  ).rejects.toEqual(new EventNotDelivered('gone'));
  await tenant.open();
  expect(await deliveriesOf(tenant)).toHaveLength(1);
  expect((await events.subscriptions(tenant.id)).map(({ goneAt }) => goneAt !== null)).toEqual([
    true,
  ]);
  await events.unsubscribe(tenant.id, delivery?.subscription ?? '');
});

test('with a commit that is rolled back go its events', async () => {
  const { tenant, arrived } = await listening();
  const bypass = await tenant.open();
  const before = await deliveriesOf(tenant);
  const [entry] = before;
  await expect(
    replica.stores.store.locked(tenant.id, async (tx) => {
      const head = { id: 'never', type: `${OWN}bypass.closed.v1`, deployed: null };
      const [first] = await tx.entriesOf((await tenant.chain(bypass)).id);
      if (first === undefined) throw new RangeError('the chain has entries');
      await tx.wantEvents([{ ...head, entry: first.digest }]);
      throw new RangeError('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  await tenant.settled();
  expect(await deliveriesOf(tenant)).toEqual(before);
  expect(arrived()).toHaveLength(entry?.attempts.length ?? 0);
});

test('no tenant sees, sends, removes or receives what is another’s', async () => {
  const { tenant, id, arrived } = await listening();
  await tenant.open();
  const other = await installation.tenant();
  const [delivery] = await deliveriesOf(tenant);
  const theirs = delivery?.id ?? '';
  expect(await events.subscriptions(other.id)).toEqual([]);
  expect(await events.deliveries(other.id, { delivery: theirs, limit: 9 })).toEqual([]);
  expect(await events.wantAgain(other.id, theirs)).toBe(false);
  expect(await events.addTrial(other.id, id)).toBeNull();
  expect(await events.undelivered(other.id, theirs)).toBeNull();
  await events.attempted(other.id, theirs, { outcome: 'gone', status: 410, durationMs: 1 });
  expect(await events.unsubscribe(other.id, id)).toBe(false);
  await other.activate();
  expect(arrived()).toHaveLength(1);
  expect(await deliveriesOf(tenant)).toEqual([delivery]);
  expect((await events.subscriptions(tenant.id))[0]?.goneAt).toBeNull();
});

test('address and secret of a webhook stand nowhere in the clear', async () => {
  const { tenant, id } = await listening();
  await tenant.open();
  for (const table of ['event_subscription', 'event_delivery', 'event_attempt']) {
    const { rows } = await database.pool.query(`SELECT * FROM app.${table}`);
    expect(JSON.stringify(rows)).not.toMatch(/token-in-the-path|whsec_/);
  }
  // What was sealed for one webhook opens for no other.
  const second = await events.subscribe(tenant.id, { url: 'https://b.example', secret }, []);
  await database.pool.query(
    `UPDATE app.event_subscription SET target = (SELECT target FROM app.event_subscription
      WHERE subscription_id = $1) WHERE subscription_id = $2`,
    [id, second],
  );
  const swapped = (await deliveriesOf(tenant)).find((one) => one.subscription === second);
  const trial = swapped?.id ?? (await events.addTrial(tenant.id, second ?? '')) ?? '';
  await expect(events.undelivered(tenant.id, trial)).rejects.toMatchObject({
    code: 'not_authentic',
  });
  await events.unsubscribe(tenant.id, second ?? '');
});

test('there are only so many webhooks, and what is removed is forgotten', async () => {
  const { tenant, id } = await listening();
  await tenant.open();
  const target = { url: 'https://more.example', secret };
  const more: (string | null)[] = [];
  for (let count = 0; count < 10; count += 1)
    more.push(await events.subscribe(tenant.id, target, ['none.of.ours']));
  expect(more.filter((one) => one === null)).toHaveLength(1);
  expect(await events.unsubscribe(tenant.id, id)).toBe(true);
  expect(await deliveriesOf(tenant)).toEqual([]);
  expect(await events.unsubscribe(tenant.id, randomUUID())).toBe(false);
});

test('after a month a delivery is forgotten, with its tries', async () => {
  const { tenant } = await listening();
  await tenant.open();
  expect(await events.forget(tenant.id, 30 * DAY_MS)).toBe(0);
  await database.pool.query(
    `UPDATE app.event_delivery SET created_at = created_at - interval '31 days' WHERE tenant_id = $1`,
    [tenant.id],
  );
  await tenant.open();
  expect(await events.forget(tenant.id, 30 * DAY_MS)).toBe(1);
  expect(await deliveriesOf(tenant)).toHaveLength(1);
  const { rows } = await database.pool.query('SELECT FROM app.event_attempt WHERE tenant_id = $1', [
    tenant.id,
  ]);
  expect(rows).toHaveLength(1);
});

test('a tenant without webhooks has no deliveries', async () => {
  const tenant = await installation.tenant();
  await tenant.activate();
  expect(await deliveriesOf(tenant)).toEqual([]);
});
