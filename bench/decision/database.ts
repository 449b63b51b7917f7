import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { TenantId } from '#domain/ids';
import { createPool } from '#postgres/connection';
import { startEmbeddedPostgres } from '#postgres/embedded/start-embedded-postgres';
import { parseKeyRing } from '#postgres/key-ring';
import { migrate } from '#postgres/migrate';
import { firstTenant } from './first-tenant.ts';

/** A PostgreSQL of the bench's own that waits for its disk, with one tenant. */
export interface BenchDatabase {
  readonly url: string;
  readonly kek: string;
  readonly pool: Pool;
  readonly tenant: TenantId;
  /** CPU time of the server's processes so far, in ms; `null` where the system does not tell. */
  cpuMs(): Promise<number | null>;
}

/** What a transaction locks and writes that does nothing else. */
const BARE = `
  CREATE SCHEMA bare;
  CREATE TABLE bare.head (id int PRIMARY KEY, size bigint NOT NULL);
  INSERT INTO bare.head VALUES (1, 0);
  CREATE TABLE bare.entry (index bigint PRIMARY KEY, statement bytea NOT NULL);
  CREATE TABLE bare.deploy (id uuid PRIMARY KEY, index bigint NOT NULL)`;

export async function benchDatabase(cleanup: AsyncDisposableStack): Promise<BenchDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-decision-'));
  cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
  // PostgreSQL does not run as root, and the user it runs as then must be able to enter.
  await chmod(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir });
  cleanup.defer(() => server.stop());
  await migrate(server.url);
  const pool = createPool(server.url, { max: 1, statementTimeoutMs: 600_000 });
  cleanup.defer(() => pool.end());
  await pool.query(BARE);
  const kek = randomBytes(32).toString('hex');
  const tenant = await firstTenant(pool, parseKeyRing(kek));
  return { url: server.url, kek, pool, tenant, cpuMs: () => cpuMsOf(pool) };
}

/** Of all backends, and of those that ended: their time is added to the postmaster's, whose children they are. */
async function cpuMsOf(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ pid: number; own: number }>(
    'SELECT pid, pg_backend_pid() AS own FROM pg_stat_activity',
  );
  const postmaster = (await statOf(rows[0]?.own))?.parent;
  const ended = await statOf(postmaster);
  if (ended === null) return null;
  const running = await Promise.all(rows.map(({ pid }) => statOf(pid)));
  const ticks = running.reduce((sum, one) => sum + (one?.ownTicks ?? 0), 0);
  return (ticks + ended.ownTicks + ended.childTicks) * MS_PER_TICK;
}

const MS_PER_TICK = 10;

/**
 * In proc(5), the parent is the 4th field; user and system time are the 14th and 15th, and those of
 * children that ended the two behind.
 */
async function statOf(pid: number | undefined) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const at = (place: number): number => Number(fields[place - 3]);
  return { parent: at(4), ownTicks: at(14) + at(15), childTicks: at(16) + at(17) };
}
