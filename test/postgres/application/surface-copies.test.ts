import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { SurfaceClaimed } from '#application/ports/surface-store';
import { retractCopy } from '#application/surfaces/retract-copy';
import type { BypassId, TenantId } from '#domain/ids';
import { SECOND_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';

const installation = await testInstallation();
const { advance, database, world } = installation;
const [{ stores }] = installation.replicas;
const { surfaces } = stores;
const { pool } = database;

const at = (ts: string, channel = 'C0INCIDENT') => ({ channel, ts });

/** The card of a request in its channel, with more to show and no job on its way. */
async function staleCard() {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  const found = world.cardsOf(bypass).find(({ surface }) => surface.kind === 'incident');
  const id = found?.surface.id ?? '';
  await pool.query('UPDATE app.surface SET wanted = wanted + 1 WHERE surface_id = $1', [id]);
  return { tenant, bypass, id };
}

/** The same, as if no post of it was ever answered. */
async function unpostedCard({ unanswered }: { unanswered: number }) {
  const card = await staleCard();
  await pool.query(
    'UPDATE app.surface SET channel = NULL, ts = NULL, unanswered = $2 WHERE surface_id = $1',
    [card.id, unanswered],
  );
  return card;
}

async function claimed(tenant: TenantId, id: string): Promise<SurfaceClaimed> {
  const claim = await surfaces.claim(tenant, id);
  if (claim.kind !== 'claimed') throw new RangeError(claim.kind);
  return claim;
}

async function standing(id: string) {
  const { rows } = await pool.query<{ channel: string; ts: string; unanswered: number }>(
    'SELECT channel, ts, unanswered FROM app.surface WHERE surface_id = $1',
    [id],
  );
  return rows[0];
}

async function copiesOf(id: string) {
  const { rows } = await pool.query<{ id: string; channel: string; ts: string }>(
    'SELECT copy_id AS id, channel, ts FROM app.surface_copy WHERE surface_id = $1',
    [id],
  );
  return rows;
}

const retractedOf = (id: string) => world.retracted.filter(({ surface }) => surface === id);

/** Lets the jobs run until none of the card's copies waits for one. */
async function retractAll(tenant: { hurry(): Promise<void> }, id: string): Promise<void> {
  await tenant.hurry();
  await vi.waitFor(async () => expect(await copiesOf(id)).toEqual([]), { timeout: 20_000 });
}

test('a post that comes in after an earlier one was adopted is the copy, and is taken away', async () => {
  const { tenant, id } = await unpostedCard({ unanswered: 1 });
  const paused = await claimed(tenant.id, id);
  await advance(16 * SECOND_MS);
  // Nothing new, so that no other worker claims it.
  await pool.query('UPDATE app.surface SET wanted = shown WHERE surface_id = $1', [id]);
  await surfaces.pressed(tenant.id, id, at('adopted'));
  await retractAll(tenant, id);
  expect(await standing(id)).toMatchObject(at('adopted'));
  await surfaces.published(tenant.id, paused, at('late'));
  await retractAll(tenant, id);
  expect(await standing(id)).toEqual({ ...at('adopted'), unanswered: 0 });
  expect(retractedOf(id)).toEqual([{ surface: id, ...at('late') }]);
});

test('a card posted anew by a paused worker and taken away for a copy does not become the card', async () => {
  const { tenant, id } = await staleCard();
  const before = await standing(id);
  const paused = await claimed(tenant.id, id);
  await advance(16 * SECOND_MS);
  await surfaces.pressed(tenant.id, id, at('anew'));
  await retractAll(tenant, id);
  expect(await surfaces.published(tenant.id, paused, at('anew'))).toBe(false);
  await retractAll(tenant, id);
  expect(await standing(id)).toEqual(before);
  expect(retractedOf(id)).not.toContainEqual(expect.objectContaining({ ts: before?.ts }));
});

test('a channel whose id Slack changed keeps its card, which is edited under the new id', async () => {
  const { tenant, id } = await staleCard();
  const ts = (await standing(id))?.ts ?? '';
  await surfaces.pressed(tenant.id, id, at(ts, 'C0SHARED'));
  await vi.waitFor(async () => {
    const { rows } = await pool.query(
      'SELECT 1 FROM app.surface WHERE surface_id = $1 AND shown = wanted',
      [id],
    );
    expect(rows).toHaveLength(1);
  });
  expect(await standing(id)).toMatchObject(at(ts, 'C0SHARED'));
  expect(await copiesOf(id)).toEqual([]);
  expect(retractedOf(id)).toEqual([]);
});

test('a copy that turns out to be the card under another channel id is left standing', async () => {
  const { tenant, id } = await unpostedCard({ unanswered: 0 });
  const posting = await claimed(tenant.id, id);
  await surfaces.pressed(tenant.id, id, at('posted', 'C0SHARED'));
  await surfaces.published(tenant.id, posting, at('posted'));
  for (const copy of await copiesOf(id))
    await retractCopy({ surfaces, publisher: world }, tenant.id, copy.id);
  await retractAll(tenant, id);
  expect(retractedOf(id)).toEqual([]);
});

/** Resolves when the promise settled, or when somebody waits for a lock of another transaction. */
async function settledOrBlocked(work: Promise<unknown>): Promise<void> {
  let settled = false;
  const end = (): void => void (settled = true);
  void work.then(end, end);
  for (;;) {
    const { rowCount } = await pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (settled || rowCount !== 0) return;
    await sleep(20);
  }
}

/** A commit about the bypass that has written it when `work` begins, and touches its cards after. */
async function duringCommit(tenant: TenantId, bypass: BypassId, work: () => Promise<unknown>) {
  let working: Promise<unknown> = Promise.resolve();
  await stores.store.locked(tenant, async (tx) => {
    const chain = await tx.chainOf(bypass);
    const row = await tx.bypass(bypass);
    if (chain === null || row === null) throw new RangeError(bypass);
    await tx.saveChain(chain, [{ bypass, ...row }]);
    working = work();
    await settledOrBlocked(working);
    await tx.touchSurfaces(bypass);
  });
  return working;
}

test.each([
  [
    'its answer',
    (tenant: TenantId, claim: SurfaceClaimed) => surfaces.published(tenant, claim, at('posted')),
  ],
  [
    'its failure',
    (tenant: TenantId, claim: SurfaceClaimed) =>
      surfaces.failed(tenant, claim, { limit: null, mayStand: false }),
  ],
])(
  'a first post that records %s never waits for a commit that waits for its card',
  async (_what, record) => {
    const { tenant, bypass, id } = await unpostedCard({ unanswered: 0 });
    const claim = await claimed(tenant.id, id);
    await duringCommit(tenant.id, bypass, () => record(tenant.id, claim));
    expect(await standing(id)).toMatchObject({ unanswered: 0 });
  },
);
