import { listed } from '../people/group-members.ts';
import type { Account } from '../ports/account.ts';
import { refuseSignIn, type SignInRefusal } from '../ports/sign-in-refusal.ts';
import type { TenantReads } from '../ports/tenant-store.ts';

/**
 * The address that the policy in force states for whoever has this account; `null` if it states none.
 * Nobody's Slack profile is asked, nor what they were enrolled with, which may have come from it.
 */
export async function statedAddress(
  tx: Pick<TenantReads, 'currentPolicy'>,
  account: Account,
): Promise<string | null> {
  const policy = await tx.currentPolicy();
  if (policy === null) return null;
  return listed(policy.directory, account)?.email ?? null;
}

/** Whether an account with the address `found` may be bound to whoever `expected` is stated for. */
export function refusedAddress(expected: string | null, found: string): SignInRefusal | null {
  if (expected === null) return refuseSignIn({ code: 'email-not-stated' });
  // Mail servers take case for the same, and so do most providers.
  return expected.toLowerCase() === found.toLowerCase()
    ? null
    : refuseSignIn({ code: 'email-differs', expected, found });
}
