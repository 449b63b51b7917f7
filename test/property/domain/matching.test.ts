import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personId } from '#domain/ids';
import { matchPeople } from '#domain/policy/match-people';
import { canFill } from '#test/support/domain/model/reference-matching';
import { settings } from '#test/support/property';

const people = ['a', 'b', 'c', 'd', 'e'].map(personId);
const group = fc.constantFrom('engineers', 'release', 'seniors');
const requirement = fc.record({
  from: group,
  count: fc.integer({ min: 0, max: 3 }),
  eligible: fc.subarray(people).map((some) => new Set(some)),
});
const requirements = fc.uniqueArray(requirement, { maxLength: 3, selector: (one) => one.from });
/** With repetitions: pressing twice is no second person. */
const approvers = fc.array(fc.constantFrom(...people), { maxLength: 7 });

const placesOf = (asked: readonly { count: number; eligible: ReadonlySet<string> }[]) =>
  asked.flatMap((one) => Array.from({ length: one.count }, () => [...one.eligible]));

describe('the matching of people to requirements', () => {
  it('is met exactly when some choice of distinct people meets all of them', () => {
    fc.assert(
      fc.property(requirements, approvers, (asked, given) => {
        const possible = canFill<string>(placesOf(asked), given);
        expect(matchPeople(asked, given).met).toBe(possible);
      }),
      settings({ numRuns: 2000 }),
    );
  });

  it('gives each person one requirement that they are eligible for', () => {
    fc.assert(
      fc.property(requirements, approvers, (asked, given) => {
        const { assigned } = matchPeople(asked, given);
        const assignedPeople = assigned.map((one) => one.person);
        expect(new Set(assignedPeople).size).toBe(assigned.length);
        for (const { from, person } of assigned) {
          expect(given).toContain(person);
          expect(asked.find((one) => one.from === from)?.eligible).toContain(person);
        }
      }),
      settings({ numRuns: 1000 }),
    );
  });

  it('counts as missing what the assigned do not fill, and could not be fewer', () => {
    fc.assert(
      fc.property(requirements, approvers, (asked, given) => {
        const { assigned, missing } = matchPeople(asked, given);
        const places = placesOf(asked);
        const short = missing.reduce((sum, one) => sum + one.count, 0);
        expect(short).toBe(places.length - assigned.length);
        const more = combinations(places, assigned.length + 1);
        expect(more.some((some) => canFill<string>(some, given))).toBe(false);
      }),
      settings({ numRuns: 500 }),
    );
  });

  it('does not depend on the order in which people approved', () => {
    fc.assert(
      fc.property(requirements, approvers, (asked, given) => {
        expect(matchPeople(asked, given.toReversed()).met).toBe(matchPeople(asked, given).met);
      }),
      settings(),
    );
  });
});

function combinations<T>(of: readonly T[], size: number): readonly (readonly T[])[] {
  if (size === 0) return [[]];
  return of.flatMap((one, index) =>
    combinations(of.slice(index + 1), size - 1).map((others) => [one, ...others]),
  );
}
