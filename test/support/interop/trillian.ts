import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '#postgres/embedded/start-embedded-postgres';
import { freePort } from '#test/support/service/free-port';
import { keptFile, programPath } from './programs.ts';
import { listens, runProgram } from './run-program.ts';

/** A running Trillian: what Rekor v1 and the certificate log keep their trees in. */
export interface Trillian extends AsyncDisposable {
  readonly rpcPort: number;
  /** A new, empty log tree; gives its id. */
  createTree(): string;
}

/** Starts Trillian's server and signer, on a PostgreSQL of their own. */
export async function startTrillian(): Promise<Trillian> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'interop-trillian-'));
  // PostgreSQL does not run as root, and the user it runs as then must be able to enter.
  await chmod(folder, 0o711);
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, ephemeral: true });
  opened.defer(() => postgres.stop());
  await createTables(postgres.url);
  const storage = [
    '--storage_system=postgresql',
    `--postgresql_uri=${postgres.url}`,
    '--quota_system=noop',
  ];
  const [serverPort, signerPort] = [await freePort(), await freePort()];
  const at = (port: number): string[] => [`--rpc_endpoint=127.0.0.1:${port}`, '--http_endpoint='];
  opened.use(
    await runProgram({
      program: 'trillianServer',
      args: [...storage, ...at(serverPort)],
      cwd: folder,
      ready: () => listens(serverPort),
    }),
  );
  opened.use(
    await runProgram({
      program: 'trillianSigner',
      args: [
        ...storage,
        ...at(signerPort),
        '--force_master',
        '--sequencer_interval=100ms',
        '--batch_size=50',
      ],
      cwd: folder,
      ready: () => listens(signerPort),
    }),
  );
  const running = opened.move();
  return {
    rpcPort: serverPort,
    createTree() {
      const args = [`--admin_server=127.0.0.1:${serverPort}`, '--tree_type=LOG'];
      return execFileSync(programPath('createTree') ?? '', args, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function createTables(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(await readFile(keptFile('trillianServer'), 'utf8'));
  } finally {
    await client.end();
  }
}
