import { expect, test } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '#domain/instant';
import { takeEdit } from '#postgres/store/edit-budget';
import { withTenant } from '#postgres/transaction';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { advance, database, world } = installation;
const [{ stores }] = installation.replicas;
const { surfaces } = stores;

const cardsOf = async (tenant: TestTenant) => {
  const bypass = await tenant.open();
  const cards = world.cardsOf(bypass).map(({ surface }) => surface);
  await database.pool.query('UPDATE app.surface SET wanted = wanted + 1 WHERE tenant_id = $1', [
    tenant.id,
  ]);
  return cards;
};

test('a method that is limited holds up its own calls in its workspace, and nothing else', async () => {
  const [tenant, other] = [await installation.tenant(), await installation.tenant()];
  const [one, another] = await cardsOf(tenant);
  const [elsewhere] = await cardsOf(other);
  const claim = await surfaces.claim(tenant.id, one?.id ?? '');
  if (claim.kind !== 'claimed') throw new TypeError(claim.kind);
  const limit = { retryAfterMs: 30 * SECOND_MS, method: 'chat.update' } as const;
  await surfaces.failed(tenant.id, claim, { limit, mayStand: false });
  expect(await surfaces.claim(tenant.id, another?.id ?? '')).toMatchObject({ kind: 'paused' });
  expect(await surfaces.claim(other.id, elsewhere?.id ?? '')).toMatchObject({ kind: 'claimed' });

  // A card that has no message yet is posted: that is another method.
  await database.pool.query(
    'UPDATE app.surface SET channel = NULL, ts = NULL WHERE surface_id = $1',
    [another?.id],
  );
  expect(await surfaces.claim(tenant.id, another?.id ?? '')).toMatchObject({ kind: 'claimed' });
  await advance(31 * SECOND_MS);
  expect(await surfaces.claim(tenant.id, one?.id ?? '')).toMatchObject({ kind: 'claimed' });
});

test('a private answer that is limited is told after its pause, and no other before', async () => {
  const tenant = await installation.tenant();
  const told = () => tenant.notes(PEOPLE.onCall).length;
  const note = async (id: string, from: string | null) => {
    await database.pool.query(
      `INSERT INTO app.note (tenant_id, note_id, team, "user", from_message, content)
        VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        tenant.id,
        id,
        tenant.account(PEOPLE.onCall).team,
        PEOPLE.onCall,
        from,
        { kind: 'failed', reference: 'r' },
      ],
    );
    return id;
  };
  const from = JSON.stringify({ channel: 'C0INCIDENT', ts: '1' });
  const limited = await note('00000000-0000-4000-8000-000000000001', from);
  const sibling = await note('00000000-0000-4000-8000-000000000002', from.replace('C0', 'C1'));
  const direct = await note('00000000-0000-4000-8000-000000000003', null);
  const limit = { retryAfterMs: MINUTE_MS, method: 'chat.postEphemeral' } as const;
  await surfaces.noteLimited(tenant.id, limited, limit);
  expect(await surfaces.claimNote(tenant.id, sibling)).toBeNull();
  expect(await surfaces.claimNote(tenant.id, direct)).not.toBeNull();
  await advance(MINUTE_MS + SECOND_MS);
  expect(await surfaces.claimNote(tenant.id, sibling)).not.toBeNull();
  expect(told()).toBe(0);
});

test('a workspace’s edits are paced for all replicas together, and the urgent ones go first', async () => {
  const [tenant, other] = [await installation.tenant(), await installation.tenant()];
  // Two at once, one of them for what is urgent, and one more every 12 s.
  const take = (of: TestTenant, urgent: boolean) =>
    withTenant(database.pool, of.id, 'breakglass_app', (transaction) =>
      takeEdit(transaction, { tenant: of.id, team: 'T0', perMinute: 5 }, urgent),
    );
  const taken = async (of: TestTenant, urgent: boolean) => {
    const waits = await Promise.all(Array.from({ length: 6 }, () => take(of, urgent)));
    return waits.filter((ms) => ms === 0).length;
  };
  expect(await taken(tenant, false)).toBe(1);
  expect(await taken(tenant, true)).toBe(1);
  expect(await take(tenant, true)).toBeGreaterThan(0);
  expect(await taken(other, true)).toBe(2);
  await advance(12 * SECOND_MS);
  expect(await taken(tenant, true)).toBe(1);
});

test('a clock that went back holds up no edit', async () => {
  const tenant = await installation.tenant();
  const take = () =>
    withTenant(database.pool, tenant.id, 'breakglass_app', (transaction) =>
      takeEdit(transaction, { tenant: tenant.id, team: 'T0', perMinute: 50 }, true),
    );
  await advance(10 * MINUTE_MS);
  expect(await take()).toBe(0);
  await advance(-10 * MINUTE_MS);
  expect(await take()).toBe(0);
});
