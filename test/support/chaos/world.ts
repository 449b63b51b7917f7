import type { Pool } from 'pg';
import { createPool } from '#postgres/connection';
import { startEmbeddedAuthority } from '#sigstore/embedded/authority';
import { startEmbeddedPostgres } from '#postgres/embedded/start-embedded-postgres';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GATE } from '../service/acme.ts';
import type { BreakglassProcess, Environment } from '../service/breakglass-process.ts';
import { layOut, type Defer, type Installation } from '../service/installation.ts';
import { pageReceiver, type PageReceiver } from '../service/page-receiver.ts';
import { clockOffBy } from '../service/skewed-clock.ts';
import { tcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** One process of the service, and how it is started again. */
export interface ChaosReplica {
  readonly at: Installation;
  readonly skewMs: number;
  process: BreakglassProcess;
  /** Whether its process can run now: it is neither killed nor stopped. */
  running: boolean;
  restart(): Promise<void>;
}

/** Replicas of one service, each dependency behind a proxy. */
export interface World {
  readonly postgresDir: string;
  /** The database itself, past the proxy. */
  readonly databaseUrl: string;
  readonly pool: Pool;
  readonly proxies: Readonly<Record<'postgres' | 'slack' | 'sigstore', TcpProxy>>;
  readonly replicas: readonly [ChaosReplica, ChaosReplica];
  readonly pages: PageReceiver;
  readonly token: string;
}

const SKEW_MS = 10 * 60_000;

/** Two replicas on one Postgres, the second with a clock ten minutes ahead, and all they depend on. */
export async function chaosWorld(defer: Defer): Promise<World> {
  const postgresDir = await mkdtemp(join(tmpdir(), 'breakglass-chaos-'));
  // PostgreSQL does not run as root, and the user it runs as then must be able to enter.
  await chmod(postgresDir, 0o711);
  defer(() => rm(postgresDir, { recursive: true, force: true }));
  const server = await startEmbeddedPostgres({ dataDir: postgresDir });
  defer(() => server.stop());
  const postgres = await tcpProxy(server.url);
  defer(() => postgres.close());
  const pages = await pageReceiver();
  defer(() => pages.close());
  const first = await layOut(defer, { databaseUrl: postgres.url, settings: pages.settings });
  const second = await layOut(defer, {
    databaseUrl: postgres.url,
    replicaOf: first,
    settings: pages.settings,
  });
  const slack = await tcpProxy(first.workspace.apiUrl);
  defer(() => slack.close());
  const sigstore = await authorityOf(defer, first);
  const more: Environment = {
    SLACK_API_URL: slack.url,
    FULCIO_URL: sigstore.url,
    TSA_URL: sigstore.url,
    REKOR_URL: sigstore.url,
  };
  const replicas = [
    await replicaOf(first, more, 0),
    await replicaOf(second, more, SKEW_MS),
  ] as const;
  const pool = createPool(server.url, { max: 4 });
  defer(() => pool.end());
  const token = await first.token(GATE);
  const proxies = { postgres, slack, sigstore };
  return { postgresDir, databaseUrl: server.url, pool, proxies, replicas, pages, token };
}

async function replicaOf(
  at: Installation,
  more: Environment,
  skewMs: number,
): Promise<ChaosReplica> {
  const settings = { ...more, ...(skewMs === 0 ? {} : clockOffBy(skewMs)) };
  const replica: ChaosReplica = {
    at,
    skewMs,
    process: await at.start(settings),
    running: true,
    async restart() {
      replica.process = at.spawn(settings);
      await replica.process.logged((line) => line.msg === 'ready');
      replica.running = true;
    },
  };
  return replica;
}

/** Apart from both replicas, as in production, and pinned for the auditor. */
async function authorityOf(defer: Defer, of: Installation): Promise<TcpProxy> {
  const authority = await startEmbeddedAuthority({
    folder: join(of.dataDir, 'authority'),
    issuers: [{ issuer: of.url, clientId: 'sigstore', type: 'email' }],
  });
  defer(() => authority.close());
  await writeFile(join(of.dataDir, 'trusted-root.json'), JSON.stringify(authority.trustedRoot));
  const proxy = await tcpProxy(authority.url);
  defer(() => proxy.close());
  return proxy;
}
