import type { Pool, PoolClient } from 'pg';
import { readMigrations } from '../migration-files.ts';
import { oldestServer } from '../oldest-server.ts';

/** What a database is, as far as the service relies on it. Nothing in it is secret. */
export interface DatabaseReport {
  /** As the server calls itself: `18.4`. */
  readonly version: string;
  readonly isTooOld: boolean;
  /** Whether it is a standby, which takes no commit. */
  readonly isStandby: boolean;
  /** Settings of durability that let a commit be lost in a crash. */
  readonly notDurable: readonly string[];
  readonly maxConnections: number;
  /** How far the database's clock is ahead of this machine's, within half a round trip. */
  readonly clockAheadMs: number;
  readonly roundTripMs: number;
  readonly migrations: MigrationsReport;
  /** Roles that the service becomes, and that the URL's user cannot become. */
  readonly missingRoles: readonly string[];
  /** Roles that row-level security does not hold back. */
  readonly rolesBeyondRls: readonly string[];
  /** Tables with rows of tenants whose row-level security is not forced, the directories aside. */
  readonly unforcedTables: readonly string[];
  /** `table: PRIVILEGE` by which a role could change or delete what was logged. */
  readonly changesToLog: readonly string[];
}

interface MigrationsReport {
  readonly missing: readonly string[];
  /** Applied by a newer release. */
  readonly unknown: readonly string[];
  /** Applied with another text than this release has. */
  readonly changed: readonly string[];
}

const ROLES = ['breakglass_app', 'breakglass_jobs'];
/** Read before a tenant is known: they name tenants and hold nothing of theirs. */
const DIRECTORIES = [
  'token_directory',
  'team_directory',
  'install_directory',
  'sign_in_directory',
  'link_directory',
  'deadline',
];
const APPEND_ONLY = ['log_entry', 'log_node', 'log_checkpoint'];

/** Looks at the database of `pool`; changes nothing. @throws where it does not answer. */
export async function inspectDatabase(pool: Pool, now: () => number): Promise<DatabaseReport> {
  const client = await pool.connect();
  try {
    const server = await serverOf(client);
    return {
      ...server,
      ...(await clockOf(client, now)),
      migrations: await migrationsOf(client),
      missingRoles: await missingRoles(client),
      rolesBeyondRls: await names(
        client,
        `SELECT rolname AS name FROM pg_roles
          WHERE rolname = ANY ($1) AND (rolsuper OR rolbypassrls) ORDER BY 1`,
        [ROLES],
      ),
      unforcedTables: await names(
        client,
        `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
          WHERE c.relnamespace = to_regnamespace('app') AND c.relkind IN ('r', 'p')
            AND a.attname = 'tenant_id' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
            AND c.relname <> ALL ($1) ORDER BY 1`,
        [DIRECTORIES],
      ),
      changesToLog: await changesToLog(client),
    };
  } finally {
    client.release();
  }
}

async function serverOf(client: PoolClient) {
  const { rows } = await client.query<{
    version: string;
    number: number;
    isStandby: boolean;
    maxConnections: number;
    fsync: string;
    fullPageWrites: string;
    synchronousCommit: string;
  }>(
    `SELECT current_setting('server_version') AS version,
            current_setting('server_version_num')::int AS number,
            pg_is_in_recovery() AS "isStandby",
            current_setting('max_connections')::int AS "maxConnections",
            current_setting('fsync') AS fsync,
            current_setting('full_page_writes') AS "fullPageWrites",
            current_setting('synchronous_commit') AS "synchronousCommit"`,
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError('a SELECT without FROM gives one row');
  const { version, number, isStandby, maxConnections, ...durability } = row;
  const notDurable = Object.entries({
    fsync: durability.fsync,
    full_page_writes: durability.fullPageWrites,
    synchronous_commit: durability.synchronousCommit,
  }).flatMap(([name, value]) => (value === 'off' ? [name] : []));
  return { version, isTooOld: number < oldestServer, isStandby, maxConnections, notDurable };
}

async function clockOf(client: PoolClient, now: () => number) {
  const asked = now();
  const { rows } = await client.query<{ now: number }>(
    'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now',
  );
  const roundTripMs = now() - asked;
  const clockAheadMs = Math.round((rows[0]?.now ?? Number.NaN) - asked - roundTripMs / 2);
  return { roundTripMs, clockAheadMs };
}

async function migrationsOf(client: PoolClient): Promise<MigrationsReport> {
  const files = await readMigrations();
  const made = await names(client, `SELECT 'made' AS name WHERE to_regclass($1) IS NOT NULL`, [
    'app.migration',
  ]);
  if (made.length === 0)
    return { missing: files.map(({ name }) => name), unknown: [], changed: [] };
  const { rows } = await client.query<{ number: number; name: string; checksum: string }>(
    'SELECT number, name, checksum FROM app.migration ORDER BY number',
  );
  const applied = new Map(rows.map((row) => [row.number, row]));
  const missing = files.filter(({ number }) => !applied.has(number));
  const changed = files.filter(({ number, checksum }) => {
    const row = applied.get(number);
    return row !== undefined && row.checksum !== checksum;
  });
  return {
    missing: missing.map(({ name }) => name),
    changed: changed.map(({ name }) => name),
    unknown: rows.filter(({ number }) => number > files.length).map(({ name }) => name),
  };
}

function missingRoles(client: PoolClient): Promise<readonly string[]> {
  return names(
    client,
    `SELECT wanted AS name FROM unnest($1::text[]) AS wanted
      WHERE NOT EXISTS (SELECT FROM pg_roles
        WHERE rolname = wanted AND pg_has_role(current_user, oid, 'SET'))`,
    [ROLES],
  );
}

function changesToLog(client: PoolClient): Promise<readonly string[]> {
  return names(
    client,
    `SELECT c.relname || ': ' || privilege AS name
       FROM pg_class c CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
      WHERE c.relnamespace = to_regnamespace('app') AND c.relname = ANY ($1)
        AND EXISTS (SELECT FROM pg_roles r WHERE r.rolname = ANY ($2)
          AND has_table_privilege(r.oid, c.oid, privilege)) ORDER BY 1`,
    [APPEND_ONLY, ROLES],
  );
}

async function names(
  client: PoolClient,
  text: string,
  values: readonly unknown[],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(text, [...values]);
  return rows.map(({ name }) => name);
}
