import type { PersonId, TenantId } from '#domain/ids';
import type { Standing } from '#domain/policy/look-up';
import type { Account } from '../ports/account.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyDirectory } from '../ports/policy-version.ts';
import { isOwn, named } from './group-members.ts';

/** The person behind an account and whether they may act, without enrolling them. @throws LookUpFailed */
export async function knownPerson(
  ports: Pick<Ports, 'directory' | 'people'>,
  tenant: TenantId,
  directory: PolicyDirectory,
  account: Account,
): Promise<{ readonly person: PersonId; readonly standing: Standing } | null> {
  if (!isOwn(directory, account)) return null;
  const { standing, name } = await ports.directory.profile(account, tenant);
  const [person] = await ports.people.personsOf(tenant, [named(directory, account, name)]);
  return person === undefined ? null : { person, standing };
}
