import { describe, expect, it } from 'vitest';
import type { PersonId } from '#domain/ids';
import { matchPeople } from '#domain/policy/match-people';
import { aPoe, dBrown, mMoe, rRoe } from '#test/support/domain/people';

const need = (from: string, count: number, ...eligible: PersonId[]) => ({
  from,
  count,
  eligible: new Set(eligible),
});

describe('people and requirements', () => {
  it('meet: one person, one requirement', () => {
    expect(matchPeople([need('release', 1, rRoe)], [rRoe])).toEqual({
      met: true,
      assigned: [{ from: 'release', person: rRoe }],
      missing: [],
    });
  });

  it('do not meet when one person stands for two', () => {
    const found = matchPeople([need('engineers', 1, rRoe), need('release', 1, rRoe)], [rRoe]);
    expect(found).toMatchObject({ met: false, missing: [{ from: 'release', count: 1 }] });
  });

  it('do not meet when one person approves twice', () => {
    expect(matchPeople([need('release', 2, rRoe, mMoe)], [rRoe, rRoe]).met).toBe(false);
  });

  it('meet although the first person must move over for the second', () => {
    const asked = [need('engineers', 1, rRoe, aPoe), need('release', 1, rRoe)];
    expect(matchPeople(asked, [rRoe, aPoe]).met).toBe(true);
    expect(matchPeople(asked, [aPoe, rRoe]).met).toBe(true);
  });

  it('meet although a whole row must move over', () => {
    const asked = [
      need('engineers', 1, rRoe, mMoe),
      need('release', 1, mMoe, aPoe),
      need('db-senior', 1, aPoe, dBrown),
      need('admins', 1, rRoe),
    ];
    expect(matchPeople(asked, [rRoe, mMoe, aPoe, dBrown]).met).toBe(true);
  });

  it('do not meet with someone who is in no group', () => {
    expect(matchPeople([need('release', 1, rRoe)], [aPoe]).met).toBe(false);
  });

  it('do not meet an empty group, whoever approves: empty means nobody', () => {
    expect(matchPeople([need('release', 1)], [rRoe, mMoe, aPoe]).met).toBe(false);
  });

  it('tell how many of which group are missing', () => {
    const asked = [need('release', 3, rRoe, mMoe), need('db-senior', 1)];
    expect(matchPeople(asked, [rRoe]).missing).toEqual([
      { from: 'release', count: 2 },
      { from: 'db-senior', count: 1 },
    ]);
  });

  it('count each of two requirements on one group by itself', () => {
    const asked = [need('release', 1, rRoe, mMoe), need('release', 1, rRoe, mMoe)];
    expect(matchPeople(asked, [rRoe]).met).toBe(false);
    expect(matchPeople(asked, [rRoe, mMoe]).met).toBe(true);
  });
});

it('asks for as many places as there are people, whatever number stands in a policy', () => {
  const asked = [need('release', Number.MAX_SAFE_INTEGER, rRoe, mMoe), need('engineers', 2 ** 32)];
  expect(matchPeople(asked, [rRoe, mMoe])).toEqual({
    met: false,
    assigned: [
      { from: 'release', person: mMoe },
      { from: 'release', person: rRoe },
    ],
    missing: [
      { from: 'release', count: Number.MAX_SAFE_INTEGER - 2 },
      { from: 'engineers', count: 2 ** 32 },
    ],
  });
});
