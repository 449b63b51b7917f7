import { expect, test } from 'vitest';
import { runDueOf } from '#application/deadlines/run-due';
import type { ExpiringNote } from '#application/ports/surface';
import type { BypassId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE, type User } from '#test/support/application/policy-document';
import { TTL_MS, type TestTenant } from '#test/support/application/test-tenant';

const installation = await testInstallation({ replicas: 2 });
const { advance, world, replicas, database } = installation;
const { onCall, release1, release2 } = PEOPLE;
/** A third of 15 min, which is less than ten. */
const WARNED_MS = TTL_MS / 3;

const notes = (tenant: TestTenant, user: User = onCall): readonly ExpiringNote[] =>
  tenant.notes(user).flatMap((note) => (note.kind === 'expiring' ? [note] : []));
const inThread = (bypass: BypassId) =>
  world.said.filter(({ said }) => said.kind === 'expiring' && said.card.bypass === bypass);

async function extend(
  tenant: TestTenant,
  bypass: BypassId,
  ttlMs: number = TTL_MS,
): Promise<BypassId> {
  const justification = 'it takes longer';
  await tenant.press(onCall, { kind: 'extend', bypass, ttlMs, justification });
  const opened = (await tenant.events()).filter((one) => one.type === 'request.opened');
  return opened.at(-1)?.bypass as BypassId;
}

test('a warning is told once, by whichever replica ticks, with what can be done', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  await advance(TTL_MS - WARNED_MS - 5_000);
  await tenant.due();
  expect(notes(tenant)).toEqual([]);
  await advance(6_000);
  await Promise.all(replicas.map(({ ports }) => runDueOf(ports, tenant.id)));
  await tenant.settled();
  await tenant.due();
  expect(notes(tenant)).toMatchObject([{ card: { bypass }, extension: 'possible' }]);
  expect(notes(tenant)[0]?.leftMs).toBeLessThanOrEqual(WARNED_MS);
  expect(inThread(bypass)).toMatchObject([
    { under: { to: { kind: 'channel', channel: 'C0INCIDENT' } } },
  ]);
  // Whatever is written anew of the bypass, such as an extension that is asked for and denied.
  const extension = await extend(tenant, bypass);
  await tenant.press(release1, { kind: 'deny', bypass: extension, reason: 'no' });
  await tenant.due();
  expect(notes(tenant)).toHaveLength(1);
  expect(inThread(bypass)).toHaveLength(1);
});

test('a bypass that an extension outlasts is not warned of, and the extension is', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  await advance(MINUTE_MS);
  const extension = await extend(tenant, bypass);
  await tenant.approve(release1, extension);
  await tenant.approve(release2, extension);
  await advance(TTL_MS - WARNED_MS - 30_000);
  await tenant.due();
  expect(notes(tenant)).toEqual([]);
  await advance(MINUTE_MS);
  await tenant.due();
  expect(notes(tenant)).toMatchObject([{ card: { bypass: extension } }]);
});

test('while an extension waits none is offered', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  await extend(tenant, bypass);
  await advance(TTL_MS - WARNED_MS);
  await tenant.due();
  expect(notes(tenant)).toMatchObject([{ extension: 'asked' }]);
});

test('nor once the chain is at its cap', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open({ ttlMs: HOUR_MS });
  for (const user of [release1, release2]) await tenant.approve(user, bypass, HOUR_MS);
  await advance(50 * MINUTE_MS);
  await tenant.due();
  expect(notes(tenant)).toMatchObject([{ extension: 'possible' }]);
  // Its policy lets a chain stay open for 75 min.
  const extension = await extend(tenant, bypass, HOUR_MS);
  for (const user of [release1, release2]) await tenant.approve(user, extension, HOUR_MS);
  await advance(20 * MINUTE_MS);
  await tenant.due();
  expect(notes(tenant).at(-1)).toMatchObject({ card: { bypass: extension }, extension: 'capped' });
});

test('what closed meanwhile is not warned of, whether before or after the tick', async () => {
  const tenant = await installation.tenant();
  const early = await tenant.activate();
  await tenant.press(onCall, { kind: 'close', bypass: early });
  await advance(TTL_MS - WARNED_MS);
  await tenant.due();
  expect(notes(tenant)).toEqual([]);
  const late = await tenant.activate();
  // Nothing ran until it was over: it closes, and nobody is warned of what is past.
  await advance(TTL_MS);
  await tenant.due();
  expect((await tenant.bypass(late)).phase).toBe('closed');
  expect(notes(tenant)).toEqual([]);
  expect(inThread(late)).toEqual([]);
});

test('of a drill its requester alone is warned', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate({ drill: true });
  await advance(TTL_MS - WARNED_MS);
  await tenant.due();
  expect(notes(tenant)).toMatchObject([{ card: { drill: true } }]);
  expect(notes(tenant, release1)).toEqual([]);
  expect(inThread(bypass)).toEqual([]);
});

test('nothing is left of the warning once its bypass is over', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  await tenant.press(onCall, { kind: 'close', bypass });
  const left = `SELECT kind FROM app.deadline WHERE bypass_id = $1 AND kind <> 'remind'`;
  expect((await database.pool.query(left, [bypass])).rows).toEqual([]);
});
