import { expect, test } from 'vitest';
import { loadPostMortem } from '#application/card/load-post-mortem';
import { erasePerson } from '#application/erasure/erase-person';
import { eraseOldTexts } from '#application/erasure/erase-old-texts';
import type { Account } from '#application/ports/account';
import type { BypassId } from '#domain/ids';
import { DAY_MS } from '#domain/instant';
import { withTenant } from '#postgres/transaction';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { advance, database, replicas, world } = installation;
const [{ ports, stores }] = replicas;
const { onCall, owner, release1 } = PEOPLE;

const reason = 'asked for it';
const erase = (tenant: TestTenant, account: Account) =>
  erasePerson(ports, tenant.id, account, reason);

async function finished(tenant: TestTenant) {
  const bypass = await tenant.activate({ incident: 'INC-7' });
  const author = tenant.account(onCall);
  const said = 'checkout fails since noon';
  const mark = { kind: 'mark', bypass, ts: '7.1', author, said, saidAt: Date.now() } as const;
  expect(await tenant.press(release1, mark)).toBe('done');
  await tenant.press(onCall, { kind: 'close', bypass });
  const card = await stores.store.read(tenant.id, (tx) => loadPostMortem(ports, tx, bypass));
  expect(card.markdown).toContain('From the thread: “checkout fails since noon”');
  await tenant.press(owner, { kind: 'complete', bypass, outcome: 'a cache was cold' });
  return bypass;
}

const shownOf = (bypass: BypassId): string =>
  JSON.stringify(world.cardsOf(bypass).map(({ card }) => card));

/** What stands anywhere in the tenant's rows that has this text in it. */
async function rowsWith(tenant: TestTenant, text: string): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns
      WHERE table_schema = 'app' AND column_name = 'tenant_id' ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const one = await database.pool.query(
      `SELECT FROM app.${name} t WHERE tenant_id = $1 AND strpos(to_jsonb(t)::text, $2) > 0 LIMIT 1`,
      [tenant.id, text],
    );
    if (one.rows.length > 0) found.push(name);
  }
  return found;
}

test('what a person typed and who they are is gone everywhere, and an entry says so', async () => {
  const tenant = await installation.tenant();
  const bypass = await finished(tenant);
  const address = await addressOf(tenant, onCall);
  expect(await rowsWith(tenant, 'checkout fails')).toEqual([
    'log_opening',
    'press',
    'timeline_mark',
  ]);
  expect(await rowsWith(tenant, address)).not.toEqual([]);
  expect(shownOf(bypass)).toContain('checkout fails');

  const done = await erase(tenant, tenant.account(onCall));
  expect(done).toEqual({ outcome: 'erased', count: 4 });
  expect(await rowsWith(tenant, 'checkout fails')).toEqual([]);
  expect(await rowsWith(tenant, 'INC-7')).toEqual([]);
  // Certificates in signatures stay, and name it.
  expect(await rowsWith(tenant, address)).toEqual([]);
  // What others typed is theirs.
  expect(await rowsWith(tenant, 'a cache was cold')).toEqual(['log_opening', 'press']);
  expect((await tenant.events()).at(-1)).toMatchObject({ type: 'values.erased', count: 4 });

  await tenant.settled();
  expect(shownOf(bypass)).not.toContain('checkout fails');
  expect((await tenant.bypass(bypass)).phase).toBe('closed');
});

test('they can come back, and are bound anew', async () => {
  const tenant = await installation.tenant();
  await finished(tenant);
  await erase(tenant, tenant.account(onCall));
  const again = await tenant.activate();
  expect((await tenant.bypass(again)).phase).toBe('active');
  expect((await tenant.types()).filter((type) => type === 'person.enrolled')).toHaveLength(5);
});

test('nobody is erased who has a part in what is not finished', async () => {
  const tenant = await installation.tenant();
  const waiting = await tenant.open();
  const refused = { outcome: 'unfinished', bypasses: [waiting] };
  expect(await erase(tenant, tenant.account(onCall))).toEqual(refused);
  // Asked, and not answered yet.
  expect(await erase(tenant, tenant.account(release1))).toEqual(refused);
  await tenant.press(onCall, { kind: 'withdraw', bypass: waiting });
  expect(await erase(tenant, tenant.account(onCall))).toMatchObject({ outcome: 'erased' });

  const bypass = await tenant.activate();
  await tenant.press(onCall, { kind: 'close', bypass });
  expect(await erase(tenant, tenant.account(owner))).toEqual({
    outcome: 'unfinished',
    bypasses: [bypass],
  });
  expect(await erase(tenant, { team: 'T0ACME', user: 'U0NOBODY' })).toEqual({
    outcome: 'unknown-person',
  });
});

test('texts are kept as long as the policy says, and until their review is done', async () => {
  const tenant = await installation.tenant({ textsKept: '30d' });
  const done = await finished(tenant);
  const owed = await tenant.activate({ justification: 'ledger is stuck' });
  await tenant.press(onCall, { kind: 'close', bypass: owed });
  expect(await eraseOldTexts(ports, tenant.id)).toBe(0);
  await advance(29 * DAY_MS);
  expect(await eraseOldTexts(ports, tenant.id)).toBe(0);
  await advance(2 * DAY_MS);
  expect(await eraseOldTexts(ports, tenant.id)).toBe(3);
  expect(await eraseOldTexts(ports, tenant.id)).toBe(0);
  expect(await rowsWith(tenant, 'checkout fails')).toEqual([]);
  expect(await rowsWith(tenant, 'ledger is stuck')).toContain('log_opening');
  expect((await tenant.events()).at(-1)).toMatchObject({ type: 'values.erased', person: null });

  await tenant.press(owner, { kind: 'complete', bypass: owed, outcome: 'done' });
  expect(await eraseOldTexts(ports, tenant.id)).toBe(1);
  expect(await rowsWith(tenant, 'ledger is stuck')).toEqual([]);
  expect((await tenant.bypass(done)).phase).toBe('closed');
});

test('no value is erased without the entry of the same commit that says so', async () => {
  const tenant = await installation.tenant({ textsKept: '30d' });
  await finished(tenant);
  await erase(tenant, tenant.account(onCall));
  const { rows } = await database.pool.query<{ digest: string }>(
    `SELECT statement_digest AS digest FROM app.log_entry WHERE tenant_id = $1 ORDER BY index`,
    [tenant.id],
  );
  for (const digest of [rows[0]?.digest, rows.at(-1)?.digest])
    for (const role of ['breakglass_app', 'breakglass_jobs'] as const)
      await expect(
        withTenant(database.pool, tenant.id, role, ({ client }) =>
          client.query('SELECT app.erase_openings($1, $2, $3)', [digest, [3], ['outcome']]),
        ),
      ).rejects.toMatchObject({ code: '42501' });
});

async function addressOf(tenant: TestTenant, user: string): Promise<string> {
  const known = await stores.store.read(tenant.id, (tx) =>
    tx.person({ ...tenant.account(onCall), user }),
  );
  if (known === null || known.email === null) throw new RangeError('nobody is enrolled so');
  return known.email;
}
