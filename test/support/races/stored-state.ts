import type { Pool } from 'pg';
import type { TenantId } from '#domain/ids';
import type { About } from './action.ts';

export interface StoredBypass extends Omit<About, 'tenant'> {
  readonly id: string;
  readonly owner: string;
}

/** What a history has to know of the database in order to go on. */
export class StoredState {
  readonly #pool: Pool;
  readonly #tenants: readonly TenantId[];

  constructor(pool: Pool, tenants: readonly TenantId[]) {
    this.#pool = pool;
    this.#tenants = tenants;
  }

  /** How many connections wait for a lock. */
  async blocked(): Promise<number> {
    return (await this.#first<{ count: number }>(BLOCKED))?.count ?? 0;
  }

  async now(): Promise<number> {
    const row = await this.#first<{ ms: number }>(NOW);
    return row?.ms ?? Number.NaN;
  }

  async logSize(tenant: string): Promise<number> {
    const row = await this.#first<{ size: number }>(SIZE, tenant);
    return row?.size ?? -1;
  }

  /** Until the next expiry; `null` with nothing active. */
  async untilExpiryMs(): Promise<number | null> {
    const row = await this.#first<{ left: number | null }>(LEFT, this.#tenants);
    return row?.left ?? null;
  }

  async tenantsDue(): Promise<readonly TenantId[]> {
    const { rows } = await this.#pool.query<{ id: TenantId }>(DUE, [this.#tenants]);
    return rows.map((row) => row.id);
  }

  /** The newest first. */
  async bypasses(): Promise<readonly StoredBypass[]> {
    return (await this.#pool.query<StoredBypass>(NEWEST, [this.#tenants])).rows;
  }

  async #first<Row extends object>(
    sql: string,
    ...values: readonly unknown[]
  ): Promise<Row | undefined> {
    return (await this.#pool.query<Row>(sql, [...values])).rows[0];
  }
}

const BLOCKED = `
  SELECT count(*)::int AS count FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock'`;
const NOW = 'SELECT (extract(epoch FROM app.now()) * 1000)::float8 AS ms';
const SIZE = 'SELECT size FROM app.log_head WHERE tenant_id = $1';
const LEFT = `
  SELECT min((extract(epoch FROM expires_at - app.now()) * 1000)::float8) AS left FROM app.bypass
  WHERE tenant_id = ANY($1) AND phase = 'active'`;
const DUE = `
  SELECT DISTINCT tenant_id AS id FROM app.deadline
  WHERE tenant_id = ANY($1) AND due_at <= app.now() ORDER BY tenant_id`;
const NEWEST = `
  SELECT bypass_id AS id, tenant_id AS owner, service, environment, branch FROM app.bypass
  WHERE tenant_id = ANY($1) ORDER BY opened_at DESC`;
