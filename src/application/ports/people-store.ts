import type { PersonId, TenantId } from '#domain/ids';
import type { Account } from './account.ts';

/** Who has which account. Rows are made the first time an account is seen and never moved. */
export interface PeopleStore {
  /**
   * The person of each account, in the same order, made where there is none yet. The accounts given
   * as `same` lead to one person; two that already lead to different people are never joined.
   *
   * @throws AccountsDisagree
   */
  personsOf(tenant: TenantId, accounts: readonly NamedAccount[]): Promise<readonly PersonId[]>;
}

/** The policy lists accounts as one person's that were already seen as two people's. */
export class AccountsDisagree extends Error {
  override name = 'AccountsDisagree';
  readonly code = 'accounts-disagree';
}

export interface NamedAccount {
  readonly account: Account;
  /** All accounts of the same person, this one included. */
  readonly same: readonly Account[];
  /** For display; replaces the name shown before. `null` leaves it. */
  readonly name: string | null;
}
