import { isVouching } from '#domain/bypass/vouched';
import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Account } from '../ports/account.ts';
import { LookUpFailed, type Profile } from '../ports/directory.ts';
import type { Ports } from '../ports/ports.ts';

/** What is known of somebody now, and by whose word. */
export interface StandingNow {
  readonly profile: Profile;
  /** When they signed in at the identity provider, where that stands in for the workspace's word. */
  readonly signedInAt: Instant | null;
}

/** Asks for one account. @throws LookUpFailed */
export type AskStanding = (account: Account) => Promise<StandingNow>;

/** The workspace's word alone. */
export const byWorkspace =
  ({ directory }: Pick<Ports, 'directory'>, tenant: TenantId): AskStanding =>
  async (account) => ({ profile: await directory.profile(account, tenant), signedInAt: null });

/**
 * The workspace's word; and only where it cannot be had, that of the identity provider: whoever just
 * signed in there with the account that is bound to them counts as a member. Every answer of the
 * workspace wins, and groups are never excused: somebody who cannot be seen anywhere is no approver.
 * The entry that relies on it says so. This is the one place that knows the rule (docs/adr/0015).
 *
 * @throws LookUpFailed where neither can be had.
 */
export const standingNow =
  ({ directory, store }: Pick<Ports, 'directory' | 'store'>, tenant: TenantId): AskStanding =>
  async (account) => {
    try {
      return { profile: await directory.profile(account, tenant), signedInAt: null };
    } catch (error) {
      if (!(error instanceof LookUpFailed)) throw error;
      const vouched = await signedInJustNow(store, tenant, account);
      if (vouched === null) throw error;
      return vouched;
    }
  };

async function signedInJustNow(
  store: Ports['store'],
  tenant: TenantId,
  account: Account,
): Promise<StandingNow | null> {
  return store.read(tenant, async (tx) => {
    const known = await tx.person(account);
    if (known === null) return null;
    const signedInAt = await tx.signedInAt(known.person);
    if (signedInAt === null || !isVouching(signedInAt, await tx.now())) return null;
    const [row] = await tx.people([known.person]);
    const profile = { standing: 'member', name: row?.name ?? account.user, email: null } as const;
    return { profile, signedInAt };
  });
}
