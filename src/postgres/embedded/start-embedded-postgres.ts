import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { usableBinaries } from './binaries.ts';
import { dataFolder } from './cluster.ts';
import { serverHome } from './home.ts';
import { type Launch, launch } from './launch.ts';
import { serverUrl, takeOwnership } from './ownership.ts';
import { superuserPassword } from './password.ts';
import type { Postmaster } from './postmaster-file.ts';
import { runningServer } from './running-server.ts';
import { shutDown } from './shutdown.ts';
import { type OwnedServer, supervise } from './supervise.ts';

export interface EmbeddedPostgresOptions {
  /** Made where missing. A server has one data folder, and a data folder one process. */
  dataDir: string;
  /** For tests: faster than the disk, and `stop` deletes everything. */
  ephemeral?: boolean;
  /** Called with sentences about starts, adoptions and restarts. */
  log?: (message: string) => void;
}

export interface EmbeddedPostgres {
  /** Of the superuser, who owns the schema; database `breakglass`. Stays valid until `stop`. */
  url: string;
  /** Shuts the server down and waits for its end. The caller calls it on SIGTERM: nothing else does. */
  stop(): Promise<void>;
}

const database = 'breakglass';

/**
 * Runs a real PostgreSQL from npm for one process of ours, on 127.0.0.1 and a random port.
 *
 * A server that outlived a killed process is adopted, without a restart unless its version differs.
 * A second start on a folder that is in use is refused. If the server dies while we live, it is
 * started again on the same port.
 *
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { dataDir, ephemeral = false, log = () => undefined } = options;
  const home = await serverHome(dataDir);
  const binaries = await usableBinaries(home.user, home.copies);
  const password = await superuserPassword(home);
  const data = await dataFolder(home, binaries, !ephemeral);
  const what: Launch = { home, binaries, data, ephemeral };

  const first = await ownedServer(what, password, log);
  await ensureDatabase(first.owner);
  await clearLeftovers(home.folder);
  const supervision = supervise(what, password, first, log);
  return {
    url: serverUrl(first.server, password, database),
    async stop() {
      await supervision.stop();
      if (ephemeral) await rm(home.folder, { recursive: true, force: true });
    },
  };
}

/** A server of this release's version, found or started, with us as its owner. */
async function ownedServer(
  what: Launch,
  password: string,
  log: (message: string) => void,
): Promise<OwnedServer> {
  const server = await adoptOrLaunch(what, log);
  const owner = await takeOwnership(server, password, what.data);
  if (await runsVersion(owner, what.binaries.version)) return { server, owner };
  log(`restarting PostgreSQL as ${what.binaries.version}`);
  await owner.end();
  await shutDown(what.data, server.pid, false);
  const restarted = await launch(what);
  return { server: restarted, owner: await takeOwnership(restarted, password, what.data) };
}

async function adoptOrLaunch(what: Launch, log: (message: string) => void): Promise<Postmaster> {
  const found = await runningServer(what.data);
  if (found === undefined) {
    const launched = await launch(what);
    log(`PostgreSQL ${what.binaries.version} runs (process ${launched.pid}) on ${what.data}`);
    return launched;
  }
  log(`adopting the running PostgreSQL (process ${found.pid}) on ${what.data}`);
  return found;
}

async function runsVersion(owner: Client, version: string): Promise<boolean> {
  const answer = await owner.query<{ server_version: string }>('SHOW server_version');
  return answer.rows[0]?.server_version.startsWith(version) === true;
}

async function ensureDatabase(owner: Client): Promise<void> {
  const found = await owner.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (found.rowCount === 0) await owner.query(`CREATE DATABASE ${database}`);
}

/** Half-made clusters of starts that were killed. We own the folder, so nobody is making one. */
async function clearLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder);
  const halfMade = names.filter((name) => name.startsWith('data.new-'));
  // A start that lost clears its own at the same time, and may still be writing to it.
  const thoroughly = { recursive: true, force: true, maxRetries: 5 } as const;
  await Promise.all(halfMade.map((name) => rm(join(folder, name), thoroughly)));
}
