import type { PersonId } from '#domain/ids';
import type { TenantReads } from '../ports/tenant-store.ts';
import { isMailbox } from './assigned-address.ts';
import { listed } from './group-members.ts';

/**
 * Where mail reaches these people: the address that the policy in force states for them, else the one
 * that they were enrolled with. Whoever has neither has none here.
 */
export async function addressesOf(
  tx: Pick<TenantReads, 'people' | 'person' | 'currentPolicy'>,
  people: readonly PersonId[],
): Promise<readonly string[]> {
  const directory = (await tx.currentPolicy())?.directory;
  const found = new Map<PersonId, string>();
  for (const { person, account } of await tx.people(people)) {
    if (found.has(person)) continue;
    const stated = directory === undefined ? undefined : listed(directory, account)?.email;
    const address = stated ?? (await tx.person(account))?.email ?? null;
    if (address !== null && isMailbox(address)) found.set(person, address);
  }
  return [...new Set(found.values())];
}
