import { expect, test, vi } from 'vitest';
import type { SurfaceClaimed } from '#application/ports/surface-store';
import { syncSurface } from '#application/surfaces/sync-surface';
import type { TenantId } from '#domain/ids';
import { SECOND_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';

const installation = await testInstallation();
const { advance, database, world } = installation;
const [{ ports, stores }] = installation.replicas;
const { surfaces } = stores;

const AT_ONCE = { limit: null, mayStand: false };
const IN_A_MINUTE = { limit: { retryAfterMs: 60_000, method: null }, mayStand: false };

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

interface Row {
  readonly ts: string | null;
  readonly unanswered: number;
  readonly behind: boolean;
  readonly held: boolean;
}

async function row(id: string) {
  const { rows } = await database.pool.query<Row>(
    `SELECT ts, unanswered, shown < wanted AS behind, claimed_until IS NOT NULL AS held
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
  await surfaces.failed(tenant.id, lost, AT_ONCE);
  expect(await row(id)).toEqual(before);
  await surfaces.failed(tenant.id, lost, IN_A_MINUTE);
  expect(await row(id)).toEqual(before);
  expect(await surfaces.claim(tenant.id, id)).toEqual({ kind: 'busy' });
  const message = { channel: 'C0INCIDENT', ts: 'own' };
  expect(await surfaces.published(tenant.id, claim, message)).toBe(false);
  expect(await row(id)).toEqual({ ts: 'own', unanswered: 0, behind: false, held: false });
});

test('a worker gives its own claim back, and the card is tried again', async () => {
  const { tenant, id } = await staleCard();
  await surfaces.failed(tenant.id, await claimed(tenant.id, id), AT_ONCE);
  expect(await row(id)).toMatchObject({ behind: true, held: false });
  await surfaces.failed(tenant.id, await claimed(tenant.id, id), IN_A_MINUTE);
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

test('a message that another worker posted meanwhile is taken away, once it is not the card', async () => {
  const { tenant, id } = await staleCard();
  await database.pool.query(
    'UPDATE app.surface SET channel = NULL, ts = NULL WHERE surface_id = $1',
    [id],
  );
  const hung = await claimed(tenant.id, id);
  await advance(16 * SECOND_MS);
  const taken = await claimed(tenant.id, id);
  expect([hung, taken].map(({ surface }) => surface.unanswered)).toEqual([0, 1]);
  const [first, second] = ['first', 'second'].map((ts) => ({ channel: 'C0INCIDENT', ts }));
  if (first === undefined || second === undefined) throw new RangeError('two messages');
  await surfaces.published(tenant.id, hung, first);
  await surfaces.published(tenant.id, taken, second);
  await tenant.hurry();
  await vi.waitFor(() => expect(world.retracted).toContainEqual({ surface: id, ...first }));
  expect(await row(id)).toMatchObject({ ts: 'second', unanswered: 0 });
  expect(world.retracted).not.toContainEqual({ surface: id, ...second });
});

test('only a post that may stand is counted', async () => {
  const { tenant, id } = await staleCard();
  await database.pool.query(
    'UPDATE app.surface SET channel = NULL, ts = NULL WHERE surface_id = $1',
    [id],
  );
  await surfaces.failed(tenant.id, await claimed(tenant.id, id), AT_ONCE);
  expect(await row(id)).toMatchObject({ unanswered: 0 });
  const mayStand = { limit: null, mayStand: true };
  await surfaces.failed(tenant.id, await claimed(tenant.id, id), mayStand);
  expect(await row(id)).toMatchObject({ unanswered: 1 });
});

test('a press on the card itself, or on a card of another tenant, takes nothing away', async () => {
  const { tenant, id } = await staleCard();
  const other = await installation.tenant();
  const ts = (await row(id))?.ts ?? '';
  await surfaces.pressed(tenant.id, id, { channel: 'C0INCIDENT', ts });
  await surfaces.pressed(other.id, id, { channel: 'C0INCIDENT', ts: 'theirs' });
  const { rows } = await database.pool.query(
    'SELECT * FROM app.surface_copy WHERE surface_id = $1',
    [id],
  );
  expect(rows).toEqual([]);
});
