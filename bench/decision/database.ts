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

/** In proc(5), user and system time are the 14th and 15th fields, in hundredths of a second. */
async function cpuMsOf(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
  const stats = await Promise.all(
    rows.map(({ pid }) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)),
  );
  const read = stats.filter((one) => one !== null);
  if (read.length === 0) return null;
  const ticks = read.map((one) => {
    const fields = one.slice(one.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, one) => sum + one, 0) * 10;
}
