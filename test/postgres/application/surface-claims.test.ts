import { expect, test } from 'vitest';
import type { SurfaceClaimed } from '#application/ports/surface-store';
import { syncSurface } from '#application/surfaces/sync-surface';
import type { TenantId } from '#domain/ids';
import { SECOND_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';

const installation = await testInstallation();
const { advance, database, world } = installation;
const [{ ports, stores }] = installation.replicas;
const { surfaces } = stores;

/** The card of a request in its channel, posted, with more to show and no job on its way. */
async function staleCard() {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  const found = world.cardsOf(bypass).find(({ surface }) => surface.kind === 'incident');
  const id = found?.surface.id ?? '';
  await want(id);
  return { tenant, id };
}

async function want(id: string): Promise<void> {
  await database.pool.query('UPDATE app.surface SET wanted = wanted + 1 WHERE surface_id = $1', [
    id,
  ]);
}

async function claimed(tenant: TenantId, id: string): Promise<SurfaceClaimed> {
  const claim = await surfaces.claim(tenant, id);
  if (claim.kind !== 'claimed') throw new RangeError(claim.kind);
  return claim;
}

async function row(id: string) {
  const { rows } = await database.pool.query<{ ts: string; behind: boolean; held: boolean }>(
    `SELECT ts, shown < wanted AS behind, claimed_until IS NOT NULL AS held
      FROM app.surface WHERE surface_id = $1`,
    [id],
  );
  return rows[0];
}

test('a worker that lost its claim records nothing and gives nothing back', async () => {
  const { tenant, id } = await staleCard();
  const lost = await claimed(tenant.id, id);
  await advance(16 * SECOND_MS);
  const claim = await claimed(tenant.id, id);
  const before = await row(id);
  const late = { channel: 'C0INCIDENT', ts: 'late' };
  expect(await surfaces.published(tenant.id, lost, late)).toBe(false);
  expect(await row(id)).toEqual(before);
  await surfaces.failed(tenant.id, lost, null);
  expect(await row(id)).toEqual(before);
  await surfaces.failed(tenant.id, lost, 60_000);
  expect(await row(id)).toEqual(before);
  expect(await surfaces.claim(tenant.id, id)).toEqual({ kind: 'busy' });
  const message = { channel: 'C0INCIDENT', ts: 'own' };
  expect(await surfaces.published(tenant.id, claim, message)).toBe(false);
  expect(await row(id)).toEqual({ ts: 'own', behind: false, held: false });
});

test('a worker gives its own claim back, and the card is tried again', async () => {
  const { tenant, id } = await staleCard();
  await surfaces.failed(tenant.id, await claimed(tenant.id, id), null);
  expect(await row(id)).toMatchObject({ behind: true, held: false });
  await surfaces.failed(tenant.id, await claimed(tenant.id, id), 60_000);
  expect(await surfaces.claim(tenant.id, id)).toMatchObject({ kind: 'paused' });
});

test('what changes while a card is published is published next', async () => {
  const { tenant, id } = await staleCard();
  let published = 0;
  world.beforePublish = async (surface) => {
    if (surface.id !== id) return;
    published += 1;
    if (published === 1) await want(id);
  };
  await syncSurface({ ...ports, surfaces, publisher: world }, tenant.id, id);
  expect(published).toBe(2);
  expect(await row(id)).toMatchObject({ behind: false, held: false });
});
