import { randomUUID } from 'node:crypto';
import { githubWebhook } from '#gates/github/webhook-route';
import { githubWorld, requested } from '#test/support/gates/github/github-world';
import { testDatabase } from '#test/support/postgres/test-database';
import { expect, test } from 'vitest';

const database = await testDatabase();

const rows = async (tenant: string) =>
  (
    await database.pool.query<{ body: string | null; handled: boolean }>(
      'SELECT body, handled_at IS NOT NULL AS handled FROM app.gate_delivery WHERE tenant_id = $1',
      [tenant],
    )
  ).rows;

test('a signed delivery is stored with its job before it is answered, and once', async () => {
  await using world = await githubWorld(database);
  const payload = requested(world.github, 1);
  const id = randomUUID();
  expect((await world.send('deployment_protection_rule', payload, { id })).status).toBe(202);
  expect(await rows(world.tenant)).toEqual([{ body: JSON.stringify(payload), handled: false }]);
  expect((await world.send('deployment_protection_rule', payload, { id })).status).toBe(202);
  const upper = id.toUpperCase();
  expect((await world.send('deployment_protection_rule', payload, { id: upper })).status).toBe(202);
  expect(world.jobs).toEqual([id]);

  await world.work();
  expect(await rows(world.tenant)).toEqual([{ body: null, handled: true }]);
  await world.send('deployment_protection_rule', payload, { id });
  expect(world.jobs).toEqual([]);
});

test.each([
  ['another secret', { secret: 'not the secret' }],
  ['no signature', { signature: null }],
  ['the older signature', { signature: 'sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709' }],
  ['half a signature', { signature: 'sha256=00' }],
])('a delivery with %s is refused, and nothing is stored', async (_, how) => {
  await using world = await githubWorld(database);
  const sent = await world.send('deployment_protection_rule', requested(world.github, 1), how);
  expect(sent.status).toBe(401);
  expect(await rows(world.tenant)).toEqual([]);
});

test('events that nothing is done with are taken and forgotten', async () => {
  await using world = await githubWorld(database);
  expect((await world.send('ping', { zen: 'Keep it logically awesome.' })).status).toBe(202);
  expect((await world.send('push', {})).status).toBe(202);
  expect(await rows(world.tenant)).toEqual([]);
});

test('what is no delivery of GitHub is refused', async () => {
  await using world = await githubWorld(database);
  expect((await world.send('workflow_run', {}, { id: 'one' })).status).toBe(400);
  expect((await world.send('workflow_run', null, { body: '[1]' })).status).toBe(400);
  expect((await world.send('workflow_run', null, { body: '' })).status).toBe(401);
  const { fetch } = world.gates.route(world.tenant);
  expect((await fetch(new Request('http://127.0.0.1/'))).status).toBe(405);
});

test('more bytes than the limit are not read, whatever is said of their number', async () => {
  const taken: unknown[] = [];
  const webhook = githubWebhook({
    secrets: ['s'],
    accept: async (delivery) => taken.push(delivery),
    maxBytes: 10,
  });
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(8));
    },
  });
  const endless = new Request('http://127.0.0.1/', { method: 'POST', body, duplex: 'half' });
  expect((await webhook(endless)).status).toBe(413);
  expect(pulled).toBeLessThan(6);
  const bytes = new Request('http://127.0.0.1/', { method: 'POST', body: new Uint8Array([0xff]) });
  expect((await webhook(bytes)).status).toBe(400);
  expect(taken).toEqual([]);
});

test('a delivery that cannot be stored is not answered as taken', async () => {
  await using world = await githubWorld(database);
  await database.pool.query(
    'ALTER TABLE app.gate_delivery ADD CONSTRAINT trial CHECK (false) NOT VALID',
  );
  try {
    const sent = world.send('deployment_protection_rule', requested(world.github, 1));
    await expect(sent).rejects.toThrow();
  } finally {
    await database.pool.query('ALTER TABLE app.gate_delivery DROP CONSTRAINT trial');
  }
});
