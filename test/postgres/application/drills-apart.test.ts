import { expect, test } from 'vitest';
import { proposeClose } from '#application/events/propose-close';
import { requestForms } from '#application/forms/request-forms';
import { openedBy } from '#application/gates/opened-by';
import { wantedExceptions } from '#application/gates/wanted-exceptions';
import { MINUTE_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { FORM } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { world, advance } = installation;
const [{ ports, stores }] = installation.replicas;
const { onCall, release1 } = PEOPLE;
const forms = requestForms({
  ...ports,
  tenants: stores.tenants,
  paged: async () => false,
  channelStanding: async () => 'ok',
});

test.each([
  ['drills', 'real requests', true],
  ['real requests', 'drills', false],
])('%s that wait do not count against %s', async (_waiting, _others, drill) => {
  const tenant = await installation.tenant();
  const press = (asDrill: boolean) =>
    tenant.press(onCall, { kind: 'open', form: { ...FORM, drill: asDrill } });
  const mistakes = (asDrill: boolean) =>
    forms.check(tenant.id, tenant.account(onCall), { ...FORM, drill: asDrill });
  for (const one of [1, 2, 3]) expect([one, await press(drill)]).toEqual([one, 'done']);
  expect(await press(drill)).toBe('refused');
  expect(tenant.refusals(onCall)).toEqual(['too-many-waiting']);
  expect(await mistakes(drill)).toMatchObject([{ code: 'too-many-waiting' }]);
  expect(await mistakes(!drill)).toEqual([]);
  expect(await press(!drill)).toBe('done');
});

test.each([
  ['a drill', 'a real request', true],
  ['a real request', 'a drill', false],
])('that %s was denied is not shown on %s', async (_denied, _next, drill) => {
  const tenant = await installation.tenant();
  const denied = await tenant.open({ drill });
  await tenant.press(release1, { kind: 'deny', bypass: denied, reason: 'roll back instead' });
  const other = await tenant.open({ drill: !drill });
  for (const { card } of world.cardsOf(other)) expect(card.earlierDenials).toEqual([]);
  const same = await tenant.open({ drill });
  expect(world.cardsOf(same).length).toBeGreaterThan(0);
  for (const { card } of world.cardsOf(same)) expect(card.earlierDenials).toHaveLength(1);
});

test('no gate, no look at a gate, no receiver of events and no incident tool learns of a drill', async () => {
  const tenant = await installation.tenant();
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const url = `https://hooks.example/${tenant.name}`;
  await stores.events.subscribe(tenant.id, { url, secret }, []);
  const { scope, gate } = FORM;
  const facts = { gate, ...scope };
  const heard = () => world.events.filter(({ target }) => target.url === url);
  const active = await tenant.activate({ drill: true, incident: 'INC-9' });
  expect(await openedBy(ports, tenant.id, facts)).toBeNull();
  expect(await wantedExceptions(ports, tenant.id, gate)).toEqual([]);
  expect(await proposeClose(ports, tenant.id, ['INC-9'])).toBe(0);
  await tenant.press(onCall, { kind: 'close', bypass: active });
  expect(world.lookedAt).not.toContain(active);
  expect(heard()).toEqual([]);
  expect(await tenant.types(active)).not.toContain('post-mortem.opened');
  const real = await tenant.activate({ incident: 'INC-9' });
  expect(await openedBy(ports, tenant.id, facts)).toBe(real);
  expect(await wantedExceptions(ports, tenant.id, gate)).toHaveLength(1);
  expect(await proposeClose(ports, tenant.id, ['INC-9'])).toBe(1);
  expect(heard().length).toBeGreaterThan(0);
});

test('once it is over, a drill says how long each step took; a real bypass says nothing of it', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open({ drill: true });
  await advance(MINUTE_MS);
  await tenant.press(release1, { kind: 'claim', bypass, on: true });
  await advance(MINUTE_MS);
  await tenant.approve(release1, bypass);
  await tenant.approve(PEOPLE.release2, bypass);
  await advance(5 * MINUTE_MS);
  await tenant.press(onCall, { kind: 'close', bypass });
  const notes = tenant.notes(onCall).filter(({ kind }) => kind === 'drill-report');
  const [note] = notes;
  expect(notes).toHaveLength(1);
  const said = world.said.filter((one) => one.said.card.bypass === bypass).map((one) => one.said);
  expect(said).toEqual([note]);
  const steps = new Map(
    note?.kind === 'drill-report' ? note.steps.map((one) => [one.step, one.afterMs]) : [],
  );
  const minutes = [...steps].map(([step, ms]) => [
    step,
    ms === null ? null : Math.floor(ms / MINUTE_MS),
  ]);
  // What a machine that is slow adds is less than what the clock was moved by.
  expect(minutes).toEqual([
    ['recorded', 0],
    ['shown', 0],
    ['asked', 0],
    ['paged', 0],
    ['claimed', 1],
    ['approved', 2],
    ['activated', 2],
    ['ended', 7],
  ]);
  const before = tenant.notes(onCall).length;
  await tenant.press(onCall, { kind: 'close', bypass: await tenant.activate() });
  const after = tenant.notes(onCall).slice(before);
  expect(after.map(({ kind }) => kind)).not.toContain('drill-report');
});

test('a drill that nobody came to says what did not happen', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.open({ drill: true });
  await advance(30 * MINUTE_MS);
  await tenant.due();
  const note = tenant.notes(onCall).find(({ kind }) => kind === 'drill-report');
  expect(note).toMatchObject({ card: { bypass, phase: 'lapsed' } });
  const missing =
    note?.kind === 'drill-report' ? note.steps.filter((one) => one.afterMs === null) : [];
  expect(missing.map(({ step }) => step)).toEqual(['claimed', 'approved', 'activated']);
});
