import type { TenantId } from '#domain/ids';

export interface TenantSetup {
  /**
   * Makes the tenant with an empty log and binds its home team, unless it is there.
   * @throws TeamTaken, HomeTeamFixed: nothing is written.
   */
  ensureTenant(tenant: NewTenant): Promise<void>;
}

export interface NewTenant {
  readonly tenant: TenantId;
  readonly name: string;
  readonly team: string;
  /** The log's origin line; fixed at the first start. */
  readonly origin: string;
}

/** A workspace belongs to one tenant; it is never moved by a setting. */
export class TeamTaken extends Error {
  override name = 'TeamTaken';
  readonly code = 'team-taken';
}

/** A tenant keeps the workspace that it was set up with: no start binds it to another. */
export class HomeTeamFixed extends Error {
  override name = 'HomeTeamFixed';
  readonly code = 'home-team-fixed';
}
