import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPostmaster } from '#postgres/embedded/postmaster-file';
import { mendLibraryLinks } from '#postgres/embedded/shared-library-links';
import { startEmbeddedPostgres } from '#postgres/embedded/start-embedded-postgres';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

let dataDir: string;
const running: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'breakglass-embedded-'));
  await chmod(dataDir, 0o711);
});

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(log?: (message: string) => void) {
  const server = await startEmbeddedPostgres(log === undefined ? { dataDir } : { dataDir, log });
  running.push(server);
  return server;
}

async function stopAll() {
  for (const server of running.splice(0)) await server.stop();
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

const data = () => join(dataDir, 'postgres', 'data');

describe('a start', () => {
  test('gives a database that keeps its data over a stop, and is gone in between', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await stopAll();
    await expect(ask(first.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const second = await start();
    expect(await ask(second.url, 'SELECT answer FROM kept')).toBe(42);
  });

  test('listens on loopback alone and keeps its password from other users', async () => {
    const { url } = await start();
    expect(await ask(url, 'SHOW listen_addresses')).toBe('127.0.0.1');
    const { mode } = await stat(join(dataDir, 'postgres', 'password'));
    expect(mode & 0o777).toBe(0o600);
    const guessed = new URL(url);
    guessed.password = 'guess';
    await expect(ask(guessed.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('on a folder in use is refused, and leaves the first one alone', async () => {
    const { url } = await start();
    await expect(start()).rejects.toMatchObject({ code: 'in_use' });
    expect(await ask(url, 'SELECT 1')).toBe(1);
  });

  test('of two at once on a new folder, exactly one wins', async () => {
    const outcomes = await Promise.allSettled([start(), start()]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'in_use' });
  });

  test('says so when the data is gone, instead of beginning with an empty database', async () => {
    await writeFile(join(dataDir, 'postgres.location'), join(dataDir, 'nowhere'));
    await expect(start()).rejects.toMatchObject({ code: 'data_missing' });
  });

  test('refuses data of another major version', async () => {
    await start();
    await stopAll();
    await writeFile(join(data(), 'PG_VERSION'), '9\n');
    await expect(start()).rejects.toMatchObject({ code: 'major_version_differs' });
  });
});

describe('after a kill -9', () => {
  test('of our process, the next start adopts the server that was left', async () => {
    const script = fileURLToPath(
      new URL('../support/postgres/hold-embedded-postgres.ts', import.meta.url),
    );
    const child = spawn(process.execPath, [script, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = line.toString().trim();
    const left = await readPostmaster(data());
    child.kill('SIGKILL');
    await once(child, 'exit');
    // The server drops the lock of the dead process when it notices the closed connection.
    const adopted = await vi.waitFor(() => start(), { timeout: 25_000 });
    expect(adopted.url).toBe(url);
    expect(await readPostmaster(data())).toEqual(left);
    expect(await ask(url, 'SELECT 1')).toBe(1);
    await stopAll();
    expect(await readPostmaster(data())).toBeUndefined();
  });

  test('of the server, it runs again under the same URL with what was committed', async () => {
    const { url } = await start();
    await ask(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const before = await readPostmaster(data());
    process.kill(before?.pid ?? 0, 'SIGKILL');
    const answer = await vi.waitFor(() => ask(url, 'SELECT answer FROM kept'), { timeout: 25_000 });
    expect(answer).toBe(42);
    expect((await readPostmaster(data()))?.pid).not.toBe(before?.pid);
  });

  test('and a restart of the machine, a pid file that names a stranger stops nothing', async () => {
    await start();
    await stopAll();
    const lines = [process.pid, data(), 1, 5432, '', '127.0.0.1', '  1  1', 'ready   '];
    await writeFile(join(data(), 'postmaster.pid'), `${lines.join('\n')}\n`);
    const { url } = await start();
    expect(await ask(url, 'SELECT 1')).toBe(1);
  });
});

test('an ephemeral server leaves nothing behind', async () => {
  const server = await startEmbeddedPostgres({ dataDir, ephemeral: true });
  expect(await ask(server.url, 'SHOW fsync')).toBe('off');
  await server.stop();
  await expect(stat(join(dataDir, 'postgres'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('missing links between library names are made, and nothing outside the folder', async () => {
  const native = join(dataDir, 'native');
  await mkdir(join(native, 'lib'), { recursive: true });
  await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'library');
  await symlink('libpq.so.5.18', join(native, 'lib', 'libpq.so'));
  const links = [
    { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
    { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
    { source: 'native/lib/libpq.so.5.18', target: '../elsewhere' },
  ];
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  await mendLibraryLinks(native);
  expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  expect(await readFile(join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('library');
  await expect(stat(join(dataDir, 'elsewhere'))).rejects.toMatchObject({ code: 'ENOENT' });
});
