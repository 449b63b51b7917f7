import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { createPool } from '#postgres/connection';
import { firstLooks } from '#postgres/store/first-looks';
import { lookTogether } from '#postgres/store/look-together';
import { policyCache } from '#postgres/store/policy-cache';
import { hashOfToken, hexOfToken } from '#postgres/store/token-hash';
import { tokenOwners } from '#postgres/store/token-owners';
import { HOUR_MS } from '#domain/instant';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { database } = installation;
const [replica] = installation.replicas;
const { firstLooks: looks, tokens } = replica.stores;
const GATE = 'image-policy';
const NOBODYS = `bg_${'A'.repeat(43)}`;

const token = (tenant: TestTenant, gate = GATE) =>
  tokens.create(tenant.id, { name: 'ci', gate, service: null });

test('several tenants at once see their own and nothing of each other', async () => {
  const [open, shut, none] = [
    await installation.tenant(),
    await installation.tenant(),
    await installation.tenant(),
  ];
  const bypass = await open.activate();
  await shut.activate({ gate: 'migration-review' });
  const asked = [
    await token(shut),
    await token(open),
    NOBODYS,
    await token(none),
    await token(open),
  ];
  const seen = await Promise.all(asked.map((one) => looks.of(one, GATE, 'run-1#1')));
  expect(seen.map((one) => one?.token.tenant)).toEqual([
    shut.id,
    open.id,
    undefined,
    none.id,
    open.id,
  ]);
  expect(seen.map((one) => one?.sight.open.map(({ id }) => id))).toEqual([
    [],
    [bypass],
    undefined,
    [],
    [bypass],
  ]);
});

test('it sees what the store reads of the same gate', async () => {
  const tenant = await installation.tenant();
  await tenant.activate();
  await tenant.activate({
    scope: { service: 'search', environment: 'production', branch: 'main', artifact: null },
  });
  const look = await looks.of(await token(tenant), GATE, 'run-1#1');
  const { open, current } = await replica.stores.store.read(tenant.id, async (tx) => ({
    open: await tx.openBypasses(GATE),
    current: await tx.currentPolicy(),
  }));
  const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
  expect(look?.sight.open.toSorted(byId)).toEqual(open.toSorted(byId));
  expect(look?.sight.current).toEqual(current);
  expect([...(look?.sight.versions.keys() ?? [])]).toEqual([current?.digest]);
});

test("its clock is the database's", async () => {
  const tenant = await installation.tenant();
  const own = await token(tenant);
  const before = await looks.of(own, GATE, 'run-1#1');
  await installation.advance(HOUR_MS);
  const after = await looks.of(own, GATE, 'run-1#1');
  expect((after?.sight.now ?? 0) - (before?.sight.now ?? 0)).toBeGreaterThanOrEqual(HOUR_MS);
});

test("a token for the log, an expired one and a revoked one are nobody's", async () => {
  const tenant = await installation.tenant();
  const short = await tokens.create(tenant.id, { name: 'x', gate: GATE, service: null, ttlMs: 1 });
  const reader = await tokens.createReader(tenant.id, { kind: 'log', name: 'auditor' });
  const revoked = await token(tenant);
  for (const { id, prefix } of await tokens.list(tenant.id))
    if (revoked.startsWith(prefix)) await tokens.revoke(tenant.id, id);
  await installation.advance(1_000);
  for (const one of [short, reader, revoked, 'bg_short', ''])
    expect(await looks.of(one, GATE, 'run-1#1')).toBeNull();
});

test('a deploy that is to be stopped is told at its own gate alone', async () => {
  const tenant = await installation.tenant();
  await tenant.activate();
  const ci = await decisionClient(replica, tenant);
  await ci.ask();
  const pending = async (deploy: string) => (await looks.of(ci.token, GATE, deploy))?.isPending;
  expect(await pending('run-1#1')).toBe(false);
  await installation.advance(TTL_MS);
  await ci.ask({ deploy: { id: 'run-2', attempt: 1 } });
  await database.pool.query("UPDATE app.lease SET until = app.now() + interval '1 hour'");
  await tenant.due();
  expect(await pending('run-1#1')).toBe(true);
  expect(await pending('run-2#1')).toBe(false);
  const other = await installation.tenant();
  expect((await looks.of(await token(other), GATE, 'run-1#1'))?.isPending).toBe(false);
});

describe('whose a token is, is remembered', () => {
  const revoke = async (tenant: TestTenant, one: string) => {
    for (const { id, prefix } of await tokens.list(tenant.id))
      if (one.startsWith(prefix)) await tokens.revoke(tenant.id, id);
  };

  test('and nothing else: one that was revoked or has expired since is good no more', async () => {
    const tenant = await installation.tenant();
    const revoked = await token(tenant);
    const short = await tokens.create(tenant.id, {
      name: 'x',
      gate: GATE,
      service: null,
      ttlMs: HOUR_MS,
    });
    for (const one of [revoked, short]) expect(await looks.of(one, GATE, 'run-1#1')).not.toBeNull();
    await revoke(tenant, revoked);
    await installation.advance(HOUR_MS);
    for (const one of [revoked, short]) expect(await looks.of(one, GATE, 'run-1#1')).toBeNull();
  });

  test('each time anew for what nobody has issued yet', async () => {
    const tenant = await installation.tenant();
    const own = await token(tenant);
    const owners = tokenOwners(database.pool);
    const hash = hashOfToken(own);
    const hex = hexOfToken(own) ?? '';
    await database.pool.query('DELETE FROM app.token_directory WHERE hash = $1', [hash]);
    expect(await owners([hex])).toEqual([null]);
    const row = [hash, tenant.id, randomUUID()];
    await database.pool.query('INSERT INTO app.token_directory VALUES ($1, $2, $3)', row);
    expect(await owners([hex, hex])).toEqual([
      { tenant: tenant.id, tokenId: row[2] },
      { tenant: tenant.id, tokenId: row[2] },
    ]);
  });

  test('of those that asked last, and looked up for the others', async () => {
    const tenant = await installation.tenant();
    const hashes = [await token(tenant), await token(tenant), await token(tenant)].map(
      (one) => hexOfToken(one) ?? '',
    );
    const owners = tokenOwners(database.pool, 1);
    const all = await owners(hashes);
    expect(new Set(all.map((one) => one?.tokenId)).size).toBe(3);
    expect(await owners(hashes)).toEqual(all);
  });

  test('an answer for it is of its own tenant, whichever tenants ask beside it', async () => {
    const [one, other] = [await installation.tenant(), await installation.tenant()];
    const bypass = await one.activate();
    const asked = [await token(one), await token(other), await token(one), await token(other)];
    for (let round = 0; round < 8; round += 1) {
      const seen = await Promise.all(asked.map((own) => looks.of(own, GATE, 'run-1#1')));
      expect(seen.map((look) => look?.sight.open.map(({ id }) => id))).toEqual([
        [bypass],
        [],
        [bypass],
        [],
      ]);
    }
  });

  test('and under a wrong tenant no row is seen', async () => {
    const [one, other] = [await installation.tenant(), await installation.tenant()];
    await one.activate();
    const own = await token(one);
    const [owner] = await tokenOwners(database.pool)([hexOfToken(own) ?? '']);
    const pool = createPool(database.url, { max: 1, role: 'breakglass_app' });
    afterAll(() => pool.end());
    const asked = { hash: '', gate: GATE, deploy: 'run-1#1' };
    const tokenId = owner?.tokenId ?? '';
    const as = (tenant: TestTenant) =>
      lookTogether(pool, async () => [{ tenant: tenant.id, tokenId }], [asked]);
    expect(await as(other)).toEqual([null]);
    expect(await as(one)).toMatchObject([{ shared: { tenant: one.id } }]);
  });
});

describe('as whom it runs', () => {
  test('not as one who sees past row-level security', async () => {
    const tenant = await installation.tenant();
    const own = await token(tenant);
    const pool = createPool(database.url, { max: 1 });
    afterAll(() => pool.end());
    await expect(firstLooks(pool, policyCache()).of(own, GATE, 'run-1#1')).rejects.toMatchObject({
      code: 'not-isolated',
    });
  });

  test('what follows on its connection belongs to no tenant', async () => {
    const tenant = await installation.tenant();
    const own = await token(tenant);
    const pool = createPool(database.url, { max: 1, role: 'breakglass_app' });
    afterAll(() => pool.end());
    expect(await firstLooks(pool, policyCache()).of(own, GATE, 'run-1#1')).not.toBeNull();
    const { rows } = await pool.query('SELECT name FROM app.tenant');
    expect(rows).toEqual([]);
  });
});
