import { describe, expect, it } from 'vitest';
import { SECOND_MS } from '#domain/instant';
import { membersOf, membershipOf, type LookUp } from '#domain/policy/look-up';
import { T0 } from '#test/support/domain/contexts';
import { aPoe, mMoe, rRoe } from '#test/support/domain/people';
import { V1, V2 } from '#test/support/domain/policies';

const found = (members: LookUp & { outcome: 'members' }) => members;
const release = (lookedUpAt = T0, members = [rRoe]) =>
  found({ policy: V1, group: 'release', lookedUpAt, outcome: 'members', members });
const failed: LookUp = { policy: V1, group: 'release', lookedUpAt: T0, outcome: 'failed' };
const inRelease = (lookUps: readonly LookUp[], now = T0, person = rRoe) =>
  membershipOf(person, ['release'], V1, lookUps, now);

describe('membership of a group', () => {
  it('is what the look-up says', () => {
    expect(inRelease([release()])).toBe('member');
    expect(inRelease([release()], T0, aPoe)).toBe('not-member');
  });

  it('holds for 30 seconds and not a millisecond longer', () => {
    expect(inRelease([release()], T0 + 30 * SECOND_MS)).toBe('member');
    expect(inRelease([release()], T0 + 30 * SECOND_MS + 1)).toBe('unknown');
  });

  it('is not known from a look-up that claims to be made later than now', () => {
    expect(inRelease([release(T0 + 10 * 60 * SECOND_MS)])).toBe('unknown');
  });

  it('is unknown where the look-up failed or was never made', () => {
    expect(inRelease([failed])).toBe('unknown');
    expect(inRelease([])).toBe('unknown');
  });

  it('is unknown by a look-up of another policy version or another group', () => {
    expect(membershipOf(rRoe, ['release'], V2, [release()], T0)).toBe('unknown');
    expect(membershipOf(rRoe, ['engineers'], V1, [release()], T0)).toBe('unknown');
  });

  it('of any of several is enough, even where another look-up failed', () => {
    const lookUps: LookUp[] = [{ ...failed, group: 'db-senior' }, release()];
    expect(membershipOf(rRoe, ['db-senior', 'release'], V1, lookUps, T0)).toBe('member');
    expect(membershipOf(aPoe, ['db-senior', 'release'], V1, lookUps, T0)).toBe('unknown');
  });

  it("of no group at all is nobody's", () => {
    expect(membershipOf(rRoe, [], V1, [release()], T0)).toBe('not-member');
  });

  it("of an empty group is nobody's", () => {
    expect(inRelease([release(T0, [])])).toBe('not-member');
  });

  it('goes by the newest look-up, in whatever order they come', () => {
    const before = release(T0 - 20 * SECOND_MS, [rRoe]);
    const after = release(T0, []);
    expect(inRelease([after, before])).toBe('not-member');
    expect(inRelease([before, after])).toBe('not-member');
  });
});

describe('the members of groups', () => {
  it('are those of all of them, by fresh look-ups alone', () => {
    const stale = { ...release(T0 - 31 * SECOND_MS, [mMoe]), group: 'engineers' };
    expect(membersOf(['release', 'engineers'], V1, [release(), stale], T0)).toEqual(
      new Set([rRoe]),
    );
  });

  it('are nobody where the look-up failed', () => {
    expect(membersOf(['release'], V1, [failed], T0)).toEqual(new Set());
  });
});
