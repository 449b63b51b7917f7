import { expect, test } from 'vitest';
import { requestForms } from '#application/forms/request-forms';
import { DAY_MS, HOUR_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE, type PolicyChoices, type User } from '#test/support/application/policy-document';
import { FORM } from '#test/support/application/test-tenant';

const installation = await testInstallation();
const { advance, database } = installation;
const [{ ports, stores }] = installation.replicas;
const forms = requestForms({
  ...ports,
  tenants: stores.tenants,
  paged: async () => false,
  channelStanding: async () => 'ok',
});
const { onCall, owner, admin, senior } = PEOPLE;

/** A review that just opened; its policy reminds two, three and five days later. */
async function reviewing(choices: PolicyChoices = {}) {
  const tenant = await installation.tenant(choices);
  const bypass = await tenant.activate();
  await tenant.press(onCall, { kind: 'close', bypass });
  const remindersAfter = async (ms: number): Promise<number> => {
    await advance(ms);
    await tenant.due();
    await tenant.due();
    return tenant.notes(owner).filter((one) => one.kind === 'reminder').length;
  };
  return { tenant, bypass, remindersAfter };
}

test('after the last that the policy sets they come every day, until the review is done', async () => {
  const { tenant, bypass, remindersAfter } = await reviewing();
  expect(await remindersAfter(2 * DAY_MS)).toBe(1);
  expect(await remindersAfter(DAY_MS)).toBe(2);
  expect(await remindersAfter(DAY_MS)).toBe(2);
  expect(await remindersAfter(DAY_MS)).toBe(3);
  for (const count of [4, 5, 6]) {
    expect(await remindersAfter(DAY_MS - HOUR_MS)).toBe(count - 1);
    expect(await remindersAfter(HOUR_MS)).toBe(count);
  }
  await tenant.press(admin, { kind: 'complete', bypass, outcome: 'done' });
  expect(await remindersAfter(3 * DAY_MS)).toBe(6);
  const { rows } = await database.pool.query('SELECT 1 FROM app.deadline WHERE bypass_id = $1', [
    bypass,
  ]);
  expect(rows).toEqual([]);
});

test('days on which nothing ran are not made up for', async () => {
  const { remindersAfter } = await reviewing();
  await remindersAfter(2 * DAY_MS);
  await remindersAfter(DAY_MS);
  expect(await remindersAfter(2 * DAY_MS)).toBe(3);
  // Down for four of them, and up again between two.
  expect(await remindersAfter(4 * DAY_MS + HOUR_MS)).toBe(4);
  expect(await remindersAfter(HOUR_MS)).toBe(4);
  expect(await remindersAfter(DAY_MS - 2 * HOUR_MS)).toBe(5);
  expect(await remindersAfter(DAY_MS)).toBe(6);
});

test('whoever the policy adds is told once it is late enough, of another’s review', async () => {
  const choices = { review: 'escalate: [{ after: 1d, add: [db-senior] }]' };
  const { tenant, remindersAfter } = await reviewing(choices);
  const lateness = (user: User) =>
    tenant
      .notes(user)
      .flatMap((one) =>
        one.kind === 'reminder'
          ? [{ days: (one.lateMs ?? 0) / DAY_MS, escalated: one.escalated }]
          : [],
      );
  await remindersAfter(2 * DAY_MS);
  await remindersAfter(DAY_MS);
  expect(lateness(senior)).toEqual([]);
  await remindersAfter(DAY_MS);
  await remindersAfter(DAY_MS);
  expect(lateness(senior).map(({ escalated }) => escalated)).toEqual([true, true]);
  expect(lateness(senior).map(({ days }) => Math.floor(days))).toEqual([1, 2]);
  expect(lateness(owner).map(({ days }) => Math.floor(days))).toEqual([-1, 0, 1, 2]);
  expect(lateness(owner).some(({ escalated }) => escalated)).toBe(false);
});

test.each([
  ['raise', ['low', 'high'], null],
  ['block', ['low'], 'review-overdue'],
] as const)('one that is overdue can %s the next request', async (action, tiers, code) => {
  const review = `overdue: { after: 1d, action: ${action} }`;
  const { tenant, bypass, remindersAfter } = await reviewing({ review });
  const staging = { service: 'checkout', environment: 'staging', branch: null, artifact: null };
  const account = tenant.account(onCall);
  const preview = () => forms.preview(tenant.id, account, { gate: 'image-policy', ...staging });
  await remindersAfter(3 * DAY_MS);
  expect(await preview()).toMatchObject({ tiers: ['low'], raisedBy: null, refusal: null });
  await remindersAfter(DAY_MS);
  const refusal = code === null ? null : { code, reference: expect.any(Number) };
  expect(await preview()).toMatchObject({ tiers, refusal });
  const form = { ...FORM, scope: staging };
  expect(await forms.check(tenant.id, account, form)).toMatchObject(
    code === null ? [] : [{ field: 'service', code }],
  );
  expect(await tenant.press(onCall, { kind: 'open', form })).toBe(
    code === null ? 'done' : 'refused',
  );
  expect(tenant.refusals(onCall)).toEqual(code === null ? [] : [code]);
  const asked = (await tenant.events()).findLast((one) => one.type === 'request.opened');
  expect(asked).toMatchObject(code === null ? { raised: true, tiers } : { tiers: ['high'] });
  await tenant.press(owner, { kind: 'complete', bypass, outcome: 'done' });
  expect(await preview()).toMatchObject({ tiers: ['low'], raisedBy: null, refusal: null });
});
