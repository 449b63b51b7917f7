import type { TenantId } from '#domain/ids';
import type { Ports } from '../ports/ports.ts';
import type { VerifiedSignIn } from '../ports/sign-in.ts';
import type { BindingRow } from '../ports/sign-in-store.ts';

/**
 * Remembers when somebody signed in with the account that they have bound: where the workspace cannot
 * be asked soon after, that stands in for its word. By the provider's clock, and no later than now.
 *
 * @param signIn verified, fresh, and of this binding.
 */
export async function noteSignIn(
  { store }: Pick<Ports, 'store'>,
  tenant: TenantId,
  { entry }: BindingRow,
  { authenticatedAt }: VerifiedSignIn,
): Promise<void> {
  await store.locked(tenant, async (tx) => {
    const now = await tx.now();
    await tx.signedIn(entry, Math.min(authenticatedAt ?? now, now));
  });
}
