import type { PersonId } from '../ids.ts';

/** A requirement with those who may meet it now. */
export interface OpenRequirement {
  readonly from: string;
  readonly count: number;
  readonly eligible: ReadonlySet<PersonId>;
}

export interface Matching {
  readonly met: boolean;
  /** Who stands for which requirement; a person stands for one at most. */
  readonly assigned: readonly { readonly from: string; readonly person: PersonId }[];
  readonly missing: readonly { readonly from: string; readonly count: number }[];
}

/**
 * Whether distinct people meet all requirements: a maximum bipartite matching by augmenting paths,
 * because a greedy choice can spend the one person who could have met another requirement.
 */
export function matchPeople(
  requirements: readonly OpenRequirement[],
  people: readonly PersonId[],
): Matching {
  const distinct = [...new Set(people)];
  // More places than people stay empty anyway, whatever number a requirement asks for.
  const slots = requirements.flatMap((one) =>
    Array.from({ length: Math.min(one.count, distinct.length) }, () => one),
  );
  const holder = new Map<number, PersonId>();

  const place = (person: PersonId, tried: Set<number>): boolean =>
    slots.some((slot, index) => {
      if (tried.has(index) || !slot.eligible.has(person)) return false;
      tried.add(index);
      const holding = holder.get(index);
      if (holding !== undefined && !place(holding, tried)) return false;
      holder.set(index, person);
      return true;
    });
  for (const person of distinct) place(person, new Set());

  const assigned = slots.flatMap((slot, index) => {
    const person = holder.get(index);
    return person === undefined ? [] : [{ from: slot.from, person }];
  });
  const missing = requirements.flatMap((requirement) => {
    const held = slots.filter((slot, index) => slot === requirement && holder.has(index)).length;
    const count = requirement.count - held;
    return count > 0 ? [{ from: requirement.from, count }] : [];
  });
  return { met: missing.length === 0, assigned, missing };
}
