import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Home } from './home.ts';
import { type Postmaster, readPostmaster } from './postmaster-file.ts';
import { cleanEnvironment, identity } from './run-as.ts';
import { runningServer } from './running-server.ts';

export interface Launch {
  home: Home;
  binaries: Binaries;
  data: string;
  /** Data may be lost with the machine: no fsync. For tests, whose databases do not grow old. */
  ephemeral: boolean;
}

/** Recovery after a crash replays the log before the server is ready. */
const readyMs = 120_000;
const pollMs = 10;
const attempts = 3;

const FOR_TESTS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off'];

/**
 * Starts a server and waits until it takes connections. If another process was faster on the same
 * folder, gives that one's server.
 *
 * @param port where it must listen; a free one otherwise, and another one if somebody takes it
 *   before the server does.
 */
export async function launch(what: Launch, port?: number): Promise<Postmaster> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const server = await startOnce(what, port ?? (await freePort()));
    if (server !== undefined) return server;
    const other = await runningServer(what.data);
    if (other !== undefined) return other;
  }
  throw new EmbeddedPostgresError(
    'start_failed',
    `PostgreSQL did not start on ${what.data}. The end of its log:\n${await logTail(what.home)}`,
  );
}

async function startOnce(what: Launch, port: number): Promise<Postmaster | undefined> {
  const child = await spawnServer(what, port);
  const ended = new AbortController();
  child.on('error', () => ended.abort());
  child.on('exit', () => ended.abort());
  const deadline = Date.now() + readyMs;
  while (!ended.signal.aborted && Date.now() < deadline) {
    const server = await readPostmaster(what.data);
    if (server?.pid === child.pid && server?.ready === true) return server;
    await sleep(pollMs);
  }
  if (!ended.signal.aborted) child.kill('SIGQUIT');
  return undefined;
}

async function spawnServer(what: Launch, port: number): Promise<ChildProcess> {
  const log = logFile(what.home);
  await rename(log, `${log}.1`).catch(ignoreMissing);
  const output = await open(log, 'a', 0o600);
  try {
    const child = spawn(what.binaries.postgres, serverArguments(what, port), {
      ...identity(what.home.user),
      cwd: '/',
      env: cleanEnvironment(),
      stdio: ['ignore', output.fd, output.fd],
      // A session of its own: Ctrl-C in a terminal reaches the whole group, and the database must
      // outlive the drain of the process that uses it.
      detached: true,
    });
    child.unref();
    return child;
  } finally {
    await output.close();
  }
}

function serverArguments(what: Launch, port: number): string[] {
  const settings = [
    'listen_addresses=127.0.0.1',
    // A path of a socket is limited to about 100 bytes, and data folders can be deeper.
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(what.ephemeral ? FOR_TESTS : []),
  ];
  return ['-D', what.data, '-p', String(port), ...settings.flatMap((line) => ['-c', line])];
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function logFile(home: Home): string {
  return join(home.folder, 'postgres.log');
}

async function logTail(home: Home): Promise<string> {
  const text = await readFile(logFile(home), 'utf8');
  return text.trim().split('\n').slice(-5).join('\n');
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
