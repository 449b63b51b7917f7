import { expect, test } from 'vitest';
import type { Mine } from '#application/ports/mine';
import { PublishFailed } from '#application/ports/surface';
import { DAY_MS, MINUTE_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE, type User } from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation({ replicas: 2 });
const { world, replicas, advance, people, database } = installation;
const [{ stores }] = replicas;
const { onCall, release1, release2, owner, guest } = PEOPLE;

async function look(tenant: TestTenant, user: User): Promise<void> {
  await stores.homes.opened(tenant.id, tenant.account(user));
  await tenant.settled();
}
const shownTo = (tenant: TestTenant, user: User): readonly Mine[] =>
  world.homes
    .filter(({ account }) => account.team === tenant.account(user).team && account.user === user)
    .map(({ mine }) => mine);

/** What the last Home of this person shows. */
function home(tenant: TestTenant, user: User): Extract<Mine, { kind: 'member' }> {
  const last = shownTo(tenant, user).at(-1);
  if (last?.kind !== 'member') throw new TypeError(`${user} has no Home`);
  return last;
}
const totals = ({ active, waiting, waitsForMe, owed }: ReturnType<typeof home>) => [
  active.total,
  waiting.total,
  waitsForMe.total,
  owed.total,
];

test('a Home shows what concerns its person, and follows what happens', async () => {
  const tenant = await installation.tenant();
  for (const user of [onCall, release1, owner]) await look(tenant, user);
  expect(totals(home(tenant, release1))).toEqual([0, 0, 0, 0]);
  const bypass = await tenant.open();
  await tenant.hurry();
  expect(totals(home(tenant, release1))).toEqual([0, 1, 1, 0]);
  expect(totals(home(tenant, onCall))).toEqual([0, 1, 0, 0]);
  expect(home(tenant, onCall)).toMatchObject({ mayAsk: 2, waiting: { shown: [{ own: true }] } });
  await tenant.approve(release1, bypass);
  await tenant.hurry();
  expect(totals(home(tenant, release1))).toEqual([0, 1, 0, 0]);
  await tenant.approve(release2, bypass);
  await tenant.hurry();
  expect(totals(home(tenant, onCall))).toEqual([1, 0, 0, 0]);
  await tenant.press(onCall, { kind: 'close', bypass });
  await tenant.hurry();
  expect(totals(home(tenant, onCall))).toEqual([0, 0, 0, 0]);
  expect(totals(home(tenant, owner))).toEqual([0, 0, 0, 1]);
  await tenant.press(owner, { kind: 'complete', bypass, outcome: 'done' });
  await tenant.hurry();
  expect(totals(home(tenant, owner))).toEqual([0, 0, 0, 0]);
});

test('whoever is no member sees nothing of the tenant', async () => {
  const tenant = await installation.tenant();
  await tenant.activate();
  await look(tenant, guest);
  expect(shownTo(tenant, guest)).toEqual([{ kind: 'outsider', standing: 'guest' }]);
});

test('who did not look for a day is not kept up to date, and is once they look', async () => {
  const tenant = await installation.tenant();
  await look(tenant, release1);
  await advance(DAY_MS + MINUTE_MS);
  await tenant.open();
  await tenant.hurry();
  expect(shownTo(tenant, release1)).toHaveLength(1);
  await look(tenant, release1);
  expect(totals(home(tenant, release1))).toEqual([0, 1, 1, 0]);
});

test('changes that come together are shown together', async () => {
  const tenant = await installation.tenant();
  await look(tenant, release1);
  for (let count = 0; count < 3; count += 1) await tenant.open();
  await tenant.hurry();
  expect(shownTo(tenant, release1)).toHaveLength(2);
  expect(totals(home(tenant, release1))).toEqual([0, 3, 3, 0]);
});

test('of what changes while it is published, the last is shown', async () => {
  const tenant = await installation.tenant();
  let opened = 0;
  world.beforeHome = async () => {
    opened += 1;
    if (opened === 1) await stores.homes.opened(tenant.id, tenant.account(onCall));
  };
  await look(tenant, onCall);
  await tenant.hurry();
  expect(shownTo(tenant, onCall)).toHaveLength(2);
});

test('a Retry-After holds up every Home of the workspace, and none is lost', async () => {
  const tenant = await installation.tenant();
  let tries = 0;
  world.beforeHome = async () => {
    tries += 1;
    if (tries === 1) throw new PublishFailed('rate-limited', 30_000, { method: 'views.publish' });
  };
  await look(tenant, onCall);
  await look(tenant, release1);
  await tenant.hurry();
  expect(tries).toBe(1);
  await advance(31_000);
  await tenant.hurry();
  expect(shownTo(tenant, onCall)).toHaveLength(1);
  expect(shownTo(tenant, release1)).toHaveLength(1);
});

test('while the workspace does not say who somebody is, nothing is shown; later it is', async () => {
  const tenant = await installation.tenant();
  people.failing = true;
  await look(tenant, onCall);
  expect(shownTo(tenant, onCall)).toEqual([]);
  people.failing = false;
  await tenant.hurry();
  expect(shownTo(tenant, onCall)).toHaveLength(1);
});

test('a worker that was killed with a Home in hand lets go of it', async () => {
  const tenant = await installation.tenant();
  await look(tenant, onCall);
  const { rows } = await database.pool.query<{ id: string }>(
    'SELECT home_id AS id FROM app.home WHERE tenant_id = $1',
    [tenant.id],
  );
  const id = rows[0]?.id ?? '';
  await database.pool.query('UPDATE app.home SET wanted = wanted + 1 WHERE home_id = $1', [id]);
  const dead = await stores.homes.claim(tenant.id, id);
  if (dead === null) throw new TypeError('the Home was behind');
  expect(await stores.homes.claim(tenant.id, id)).toBeNull();
  await advance(16_000);
  await tenant.hurry();
  expect(shownTo(tenant, onCall)).toHaveLength(2);
  expect(await stores.homes.published(tenant.id, dead, 'late')).toBe(false);
  const after = 'SELECT hash, wanted = shown AS newest FROM app.home WHERE home_id = $1';
  const [row] = (await database.pool.query<{ hash: string; newest: boolean }>(after, [id])).rows;
  expect(row).toMatchObject({ newest: true });
  expect(row?.hash).not.toBe('late');
});
