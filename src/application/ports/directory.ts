import type { TenantId } from '#domain/ids';
import type { Standing } from '#domain/policy/look-up';
import type { Account } from './account.ts';

export interface Profile {
  readonly standing: Standing;
  readonly name: string;
  /** Only where the workspace lets us read it; used once, at enrolment. */
  readonly email: string | null;
}

/** A look-up that could not be made. Never the same as an empty answer. */
export class LookUpFailed extends Error {
  override name = 'LookUpFailed';
  readonly code = 'look-up-failed';
}

/** How old an answer may be. A look-up is dated back by this much, so that its age is never understated. */
export const DIRECTORY_MAX_AGE_MS = 15_000;

/**
 * The people of a tenant's workspaces: of nobody else's is anything asked, whatever a policy names.
 * Answers are never older than DIRECTORY_MAX_AGE_MS.
 */
export interface Directory {
  /** @throws LookUpFailed. An account that does not exist is `{standing: 'unknown'}`. */
  profile(account: Account, tenant: TenantId): Promise<Profile>;
  /** The members of a Slack user group, whatever their standing. @throws LookUpFailed. */
  usergroupMembers(team: string, usergroup: string, tenant: TenantId): Promise<readonly Account[]>;
}
