import type { PersonId } from '#domain/ids';
import type { PeopleStore } from '../ports/people-store.ts';

/**
 * For one piece of work over many requests: the persons of the same accounts are read once. An account
 * stays its person's for good, so an answer cannot age; whatever fails, fails for all that asked.
 */
export function askedOnce(people: PeopleStore): PeopleStore {
  const asked = new Map<string, Promise<readonly PersonId[]>>();
  return {
    personsOf(tenant, accounts) {
      const key = JSON.stringify([tenant, accounts]);
      const known = asked.get(key);
      if (known !== undefined) return known;
      const persons = people.personsOf(tenant, accounts);
      asked.set(key, persons);
      return persons;
    },
  };
}
