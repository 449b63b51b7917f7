import { expect, test } from 'vitest';
import { CLAIM_MS } from '#application/ports/claims';
import type { BypassCard } from '#application/ports/card';
import { PublishFailed } from '#application/ports/surface';
import type { BypassId } from '#domain/ids';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE, type User } from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { world, database, people } = installation;
const { onCall, release1, release2, release3, bystander } = PEOPLE;

const claim = (bypass: BypassId, on = true) => ({ kind: 'claim', bypass, on }) as const;
const ask = (bypass: BypassId, question = 'Which image is it?') =>
  ({ kind: 'ask', bypass, question }) as const;

/** Every card of a bypass as it stands, once each. */
const cards = (bypass: BypassId): readonly BypassCard[] =>
  world.cardsOf(bypass).map(({ card }) => card);
const looking = (bypass: BypassId): readonly (readonly string[])[] =>
  cards(bypass).map((card) => card.claims.map(({ by }) => by.account.user));
const outcomes = (tenant: TestTenant, user: User): number =>
  tenant.notes(user).filter(({ kind }) => kind === 'outcome').length;
const rows = async (table: 'claim' | 'question', { id }: TestTenant) =>
  (await database.pool.query(`SELECT * FROM app.${table} WHERE tenant_id = $1`, [id])).rows;

test('who looks at a request is shown to everybody, once however often it is pressed, and not in the log', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  const types = await tenant.types(bypass);
  expect(await tenant.press(release1, claim(bypass))).toBe('done');
  expect(await tenant.press(release1, claim(bypass))).toBe('done');
  expect(looking(bypass)).toHaveLength(5);
  expect(new Set(looking(bypass).flat())).toEqual(new Set([release1]));
  expect(await rows('claim', tenant)).toHaveLength(1);
  expect(await tenant.types(bypass)).toEqual(types);
  await tenant.press(release2, claim(bypass));
  expect(looking(bypass)[0]).toEqual([release1, release2]);
  await tenant.press(release1, claim(bypass, false));
  expect(looking(bypass)[0]).toEqual([release2]);
});

test('a claim lapses by itself, is made anew by a press, and ends with the approval', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  await tenant.press(release1, claim(bypass));
  await installation.advance(CLAIM_MS - 1_000);
  await tenant.press(release1, claim(bypass));
  await installation.advance(2_000);
  await tenant.due();
  expect(looking(bypass)[0]).toEqual([release1]);
  await installation.advance(CLAIM_MS);
  await tenant.due();
  expect(looking(bypass).flat()).toEqual([]);
  await tenant.press(release2, claim(bypass));
  await tenant.approve(release2, bypass);
  expect(looking(bypass).flat()).toEqual([]);
});

test.each([
  ['the requester', onCall, 'own-request'],
  ['nobody’s approver', bystander, 'not-an-approver'],
  ['a guest', PEOPLE.guest, 'cannot-act'],
] as const)('%s neither claims nor asks', async (_who, user, code) => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  expect(await tenant.press(user, claim(bypass))).toBe('refused');
  expect(await tenant.press(user, ask(bypass))).toBe('refused');
  expect(tenant.refusals(user)).toEqual([code, code]);
  expect(await rows('claim', tenant)).toEqual([]);
  expect(await rows('question', tenant)).toEqual([]);
});

test('once it is decided, nobody claims or asks', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  expect(await tenant.press(release3, claim(bypass))).toBe('refused');
  expect(await tenant.press(release3, ask(bypass))).toBe('refused');
  expect(tenant.refusals(release3)).toEqual(['already-decided', 'already-decided']);
  expect(await rows('claim', tenant)).toEqual([]);
});

test('who is in no group any more when it is looked up claims nothing', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  people.become(tenant.account(release1), 'deactivated');
  expect(await tenant.press(release1, claim(bypass))).toBe('refused');
  expect(tenant.refusals(release1)).toEqual(['cannot-act']);
});

test('a question stands once in the thread of the incident card, and nowhere else', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  const before = world.said.length;
  expect(await tenant.press(release1, ask(bypass, 'Is it <!channel> signed?'))).toBe('done');
  const said = world.said.slice(before);
  expect(said).toMatchObject([
    {
      under: { to: { kind: 'channel', channel: 'C0INCIDENT' } },
      said: { by: { account: { user: release1 } }, text: 'Is it <!channel> signed?' },
    },
  ]);
  expect(await rows('question', tenant)).toMatchObject([{ text: null }]);
  const kept = await database.pool.query<{ action: object }>(
    `SELECT action FROM app.press WHERE tenant_id = $1 AND action->>'kind' = 'ask'`,
    [tenant.id],
  );
  expect(kept.rows).toEqual([{ action: { kind: 'ask', bypass } }]);
  expect(cards(bypass).map((card) => card.questions)).toEqual([1, 1, 1, 1, 1]);
});

test('a question waits for its channel, and a lost answer tells it twice at most', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  const tries: string[] = [];
  world.beforeSay = async () => {
    tries.push('said');
    if (tries.length === 1) throw new PublishFailed('rate-limited', 30_000);
    if (tries.length === 2) throw new PublishFailed('unanswered', null);
  };
  await tenant.press(release1, ask(bypass));
  expect(tries).toHaveLength(1);
  // The channel is paused: the job that is brought forward finds that out, and comes back.
  await tenant.hurry();
  expect(tries).toHaveLength(1);
  await installation.advance(31_000);
  await tenant.hurry();
  await tenant.hurry();
  expect(tries).toHaveLength(3);
  expect(await rows('question', tenant)).toMatchObject([{ text: null }]);
});

test('an empty or endless question is refused', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  expect(await tenant.press(release1, ask(bypass, '  '))).toBe('refused');
  expect(await tenant.press(release1, ask(bypass, 'x'.repeat(1_001)))).toBe('refused');
  expect(tenant.refusals(release1)).toEqual(['form-unusable', 'form-unusable']);
});

test('what else is active stands on the cards of approvers, and goes when it ends', async () => {
  const tenant = await installation.tenant();
  const other = await tenant.activate({ gate: 'migration-review' });
  const drill = await tenant.open({ drill: true });
  const bypass = await tenant.open();
  const active = (of: BypassId) =>
    world
      .cardsOf(of)
      .filter(({ surface }) => surface.kind === 'approver')
      .map(({ card }) => card.otherActive.map(({ gate }) => gate));
  expect(active(bypass)).toEqual([
    ['migration-review'],
    ['migration-review'],
    ['migration-review'],
  ]);
  expect(active(drill).flat()).toEqual([]);
  await tenant.press(onCall, { kind: 'close', bypass: other });
  expect(active(bypass).flat()).toEqual([]);
});

test('a bypass is called by the place of its request in the log', async () => {
  const tenant = await installation.tenant();
  await tenant.open();
  const bypass = await tenant.open();
  const types = await tenant.types();
  const [card] = cards(bypass);
  expect(card?.reference).toBe(types.lastIndexOf('request.opened'));
  const at = await installation.replicas[0].stores.store.read(tenant.id, (tx) =>
    tx.bypassAt(card?.reference ?? -1),
  );
  expect(at).toBe(bypass);
});

test('the outcome is told to whoever waited for it, and shown to all who were asked', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open();
  await tenant.press(release3, claim(bypass));
  await tenant.approve(release1, bypass);
  await tenant.approve(release2, bypass);
  const told = [onCall, release1, release2, release3].map((user) => outcomes(tenant, user));
  // The last approver brought it about.
  expect(told).toEqual([1, 1, 0, 1]);
  expect(new Set(cards(bypass).map((card) => card.phase))).toEqual(new Set(['active']));
  expect(cards(bypass)).toHaveLength(5);

  const denied = await tenant.open();
  await tenant.press(release2, { kind: 'deny', bypass: denied, reason: 'Use the pipeline' });
  expect(tenant.notes(onCall).at(-1)).toMatchObject({ kind: 'outcome', card: { phase: 'denied' } });
  expect(outcomes(tenant, release2)).toBe(0);
  expect(outcomes(tenant, release3)).toBe(1);

  const withdrawn = await tenant.open();
  await tenant.press(onCall, { kind: 'withdraw', bypass: withdrawn });
  expect(outcomes(tenant, onCall)).toBe(2);
});
