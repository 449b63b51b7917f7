import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseKeyRing } from '#postgres/key-ring';
import { resealing } from '#postgres/store/resealing';
import { INSTALLATION, secretStore } from '#postgres/store/secret-store';
import { withTenant } from '#postgres/transaction';
import { testInstallation } from '#test/support/application/installation';

const installation = await testInstallation({ working: false });
const { pool } = installation.database;
const old = installation.keyRing;
const newKey = randomBytes(32).toString('hex');
const ring = parseKeyRing(`${newKey},${old.current.key.toString('hex')}`);
const alone = parseKeyRing(newKey);

const ids = (keys: readonly { readonly id: string; readonly secrets: number }[]) =>
  keys.map(({ id, secrets }) => [id, secrets]);

test('every secret of every tenant is sealed under the first key, and the former may be dropped', async () => {
  const tenants = [await installation.tenant(), await installation.tenant()];
  const before = secretStore(pool, old);
  await before.getOrMake(INSTALLATION, 'issuer-key', () => randomBytes(8));
  const opened = await Promise.all(
    tenants.map((one) => before.getOrMake(one.id, 'log-key', () => randomBytes(1))),
  );
  const one = resealing(pool, ring);
  const [first, former] = await one.keys();
  expect(first).toMatchObject({ listed: 'current', secrets: 0 });
  expect(former).toMatchObject({ listed: 'former' });
  const all = former?.secrets ?? 0;
  expect(all).toBeGreaterThanOrEqual(5);

  const told: string[] = [];
  expect(await one.run((done, of) => told.push(`${done}/${of}`))).toBe(all);
  expect(told.at(-1)).toBe(`${all}/${all}`);
  expect(ids(await one.keys())).toEqual([
    [first?.id, all],
    [former?.id, 0],
  ]);
  expect(await one.run(() => undefined)).toBe(0);

  const after = secretStore(pool, alone);
  for (const [place, tenant] of tenants.entries())
    expect(await after.getOrMake(tenant.id, 'log-key', () => randomBytes(1))).toEqual(
      opened[place],
    );
  await expect(
    before.getOrMake(INSTALLATION, 'issuer-key', () => randomBytes(8)),
  ).rejects.toMatchObject({ code: 'unknown_key' });
  // What follows in this file opens with the old ring again.
  await resealing(pool, parseKeyRing(`${old.current.key.toString('hex')},${newKey}`)).run(
    () => undefined,
  );
});

test('two that seal anew at once leave every secret readable, under the first key', async () => {
  const tenant = await installation.tenant();
  const both = [resealing(pool, ring), resealing(pool, ring)];
  await Promise.all(both.map((one) => one.run(() => undefined)));
  expect((await both[0]?.keys())?.[1]?.secrets).toBe(0);
  expect(
    (await secretStore(pool, alone).getOrMake(tenant.id, 'log-key', () => randomBytes(1))).length,
  ).toBeGreaterThan(1);
  await resealing(pool, parseKeyRing(`${old.current.key.toString('hex')},${newKey}`)).run(
    () => undefined,
  );
});

test('one that breaks off keeps what it did, and goes on when it is repeated', async () => {
  await installation.tenant();
  const one = resealing(pool, ring);
  class Killed extends Error {}
  await expect(
    one.run((done) => {
      if (done === 2) throw new Killed();
    }),
  ).rejects.toThrow(Killed);
  const [first, former] = await one.keys();
  expect(first?.secrets).toBe(2);
  expect(await one.run(() => undefined)).toBe(former?.secrets);
  await resealing(pool, parseKeyRing(`${old.current.key.toString('hex')},${newKey}`)).run(
    () => undefined,
  );
});

test('a secret whose key is not listed is told by the id of that key', async () => {
  await installation.tenant();
  const stranger = resealing(pool, alone);
  expect((await stranger.keys()).map((one) => one.listed)).toEqual(['current', 'missing']);
  await expect(stranger.run(() => undefined)).rejects.toMatchObject({
    name: 'EnvelopeError',
    code: 'unknown_key',
  });
});

test('the service writes over no secret, but in place of what it has read', async () => {
  const [tenant, other] = [await installation.tenant(), await installation.tenant()];
  const as = (id: string, query: string, values: unknown[] = []) =>
    withTenant(pool, id, 'breakglass_app', ({ client }) => client.query(query, values));
  for (const query of ['UPDATE app.secret SET sealed = sealed', 'DELETE FROM app.secret'])
    await expect(as(tenant.id, query)).rejects.toMatchObject({ code: '42501' });
  const { rows } = await as(tenant.id, `SELECT app.reseal('log-key', '\\x00', '\\x01') AS done`);
  expect(rows).toEqual([{ done: false }]);
  // What another tenant's secret is, does not help: it is looked for among one's own.
  const theirs = await as(other.id, `SELECT sealed FROM app.secret WHERE purpose = 'log-key'`);
  const stolen = await as(tenant.id, `SELECT app.reseal('log-key', $1, '\\x01') AS done`, [
    (theirs.rows as { sealed: Buffer }[])[0]?.sealed,
  ]);
  expect(stolen.rows).toEqual([{ done: false }]);
});
