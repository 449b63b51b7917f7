import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '#domain/instant';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';

const installation = await testInstallation();
const { advance, database } = installation;
const { onCall, owner, admin } = PEOPLE;

/** A review that just opened; its policy reminds two, three and five days later. */
async function reviewing() {
  const tenant = await installation.tenant();
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
