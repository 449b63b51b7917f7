import type { PolicyDirectory } from '../ports/policy-version.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import type { ListedPerson } from './compiled-policy.ts';
import type { Finding } from './mistake.ts';

type Reads = Pick<TenantReads, 'person' | 'emailTaken' | 'boundEmailTaken'>;

/**
 * Addresses that a policy states for one person and that the log already has for another. Compared as
 * whoever verifies the log compares them: there, one address on two people is a finding that nobody
 * can mend.
 */
export async function takenAddresses(
  tx: Reads,
  { people }: Pick<PolicyDirectory, 'people'>,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const [index, person] of people.entries()) {
    if (!(await isTaken(tx, person))) continue;
    found.push({
      path: ['people', index, 'email'],
      at: 'value',
      message: 'the log has this address for another person already',
      remedy:
        'Write the address that is theirs alone, or leave it with the person who was enrolled with it.',
    });
  }
  return found;
}

async function isTaken(tx: Reads, { email, accounts }: ListedPerson): Promise<boolean> {
  if (email === null) return false;
  const known = await Promise.all(accounts.map((account) => tx.person(account)));
  const by = known.find((one) => one !== null)?.person ?? null;
  return (await tx.emailTaken(email, by)) || (await tx.boundEmailTaken(email, by));
}
