import type { TenantId } from '#domain/ids';

/** What is read before a tenant is known: whose something is, and no more. */
export interface TenantDirectory {
  tenantOfTeam(team: string): Promise<TenantId | null>;
  /**
   * Tenants with a deadline that has passed, on the database's clock: the first so many in the order
   * of their ids, or behind `after`.
   */
  tenantsDue(limit: number, after?: TenantId): Promise<readonly TenantId[]>;
}

export interface TokenScope {
  readonly tenant: TenantId;
  readonly gate: string;
  /** `null` is every service. */
  readonly service: string | null;
}

export interface TokenStore {
  /** `null` for a token nobody issued or that was revoked. */
  scopeOf(token: string): Promise<TokenScope | null>;
  /** Makes a token and gives it, the only time it can be seen. */
  create(
    tenant: TenantId,
    token: { readonly name: string; readonly gate: string; readonly service: string | null },
  ): Promise<string>;
  /** The tenant whose log this token reads; `null` for any other token. */
  logReader(token: string): Promise<TenantId | null>;
  /** Makes a token that reads the tenant's log and decides nothing. */
  createLogReader(tenant: TenantId, name: string): Promise<string>;
}
