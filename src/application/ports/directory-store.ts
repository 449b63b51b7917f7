import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';

/** What is read before a tenant is known: whose something is, and no more. */
export interface TenantDirectory {
  tenantOfTeam(team: string): Promise<TenantId | null>;
  /** The database's clock. */
  now(): Promise<Instant>;
  /** All of them, in the order of their ids. */
  tenants(): Promise<readonly TenantId[]>;
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
  /** The same for a token and for those that were rotated out of it. */
  readonly lineage: string;
}

/** A token as people see it; the token itself is nowhere. */
export interface KnownToken {
  readonly id: string;
  readonly name: string;
  /** Its first characters, to tell tokens apart. */
  readonly prefix: string;
  /** `null` for one that reads the log. */
  readonly gate: string | null;
  /** `null` is every service. */
  readonly service: string | null;
  readonly createdAt: Instant;
  /** To the minute; `null` if it never asked. */
  readonly lastUsedAt: Instant | null;
  readonly expiresAt: Instant | null;
  readonly state: 'usable' | 'expired' | 'revoked';
}

/** What a token that decides nothing reads: the log's checkpoints and proofs, or statistics. */
export type ReaderKind = 'log' | 'statistics';

export interface TokenStore {
  /** Makes a token and gives it, the only time it can be seen. Without `ttlMs` it never expires. */
  create(
    tenant: TenantId,
    token: {
      readonly name: string;
      readonly gate: string;
      readonly service: string | null;
      readonly ttlMs?: number;
    },
  ): Promise<string>;
  /** The tenant of which this token reads that; `null` for any other token. Notes that it was used. */
  reader(kind: ReaderKind, token: string): Promise<TenantId | null>;
  /** Makes a token that reads and decides nothing. */
  createReader(
    tenant: TenantId,
    token: { readonly kind: ReaderKind; readonly name: string; readonly ttlMs?: number },
  ): Promise<string>;
  /** All of them, the newest first, those that ended too. */
  list(tenant: TenantId): Promise<readonly KnownToken[]>;
  /** Ends a token for every question that comes after. `false` if it had been revoked before. */
  revoke(tenant: TenantId, id: string): Promise<boolean>;
  /**
   * Makes a token for the same, and ends this one in `keepMs` from now, or earlier where that was
   * set. `null` if it has ended.
   */
  rotate(
    tenant: TenantId,
    id: string,
    lives: { readonly keepMs: number; readonly ttlMs: number | null },
  ): Promise<string | null>;
}
