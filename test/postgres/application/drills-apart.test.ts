import { expect, test } from 'vitest';
import { requestForms } from '#application/forms/request-forms';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { FORM } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { world } = installation;
const [{ ports, stores }] = installation.replicas;
const { onCall, release1 } = PEOPLE;
const forms = requestForms({
  ...ports,
  tenants: stores.tenants,
  paged: false,
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
