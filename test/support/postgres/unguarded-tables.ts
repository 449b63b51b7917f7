import type { Pool } from 'pg';

/**
 * Tables of schema `app` that lack a guard between tenants, each with what it lacks: row-level
 * security that binds the owner too, a policy by `app.tenant_id()`, a `tenant_id` that is not null
 * and leads the primary key, foreign keys that carry it (they ignore row-level security).
 *
 * @param exempt tables that are read before a tenant is known, or belong to none.
 */
export async function unguardedTables(pool: Pool, exempt: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ name: string; lacks: string }>(query, [exempt]);
  return rows.map((row) => `${row.name}: ${row.lacks}`);
}

const query = `
  WITH tenant_table AS (
    SELECT c.oid, c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
      a.attnum AS tenant, coalesce(a.attnotnull, false) AS always
    FROM pg_class c
      LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnum > 0
    WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> ALL ($1)
  )
  SELECT name, lacks FROM tenant_table t, LATERAL (
    SELECT 'a tenant_id that is not null' AS lacks WHERE NOT always
    UNION ALL
    SELECT 'forced row-level security' WHERE NOT forced
    UNION ALL
    SELECT 'a policy by app.tenant_id()' WHERE NOT EXISTS (
      SELECT FROM pg_policy p WHERE p.polrelid = t.oid
        AND pg_get_expr(p.polqual, p.polrelid) LIKE '%tenant_id = app.tenant_id()%')
    UNION ALL
    SELECT 'a primary key led by tenant_id' WHERE NOT EXISTS (
      SELECT FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'p'
        AND k.conkey[1] = t.tenant)
    UNION ALL
    SELECT 'tenant_id in the foreign key ' || k.conname FROM pg_constraint k
      JOIN tenant_table other ON other.oid = k.confrelid
    WHERE k.conrelid = t.oid AND k.contype = 'f'
      AND NOT (t.tenant = ANY (k.conkey) AND other.tenant = ANY (k.confkey))
  ) AS guard
  ORDER BY name, lacks`;
