import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { freePort } from '#test/support/service/free-port';
import { answers, runProgram } from './run-program.ts';
import { existsSync } from 'node:fs';

const NAME = 'witness.example/interop';

/** A real C2SP witness with a key of its own. */
export interface Litewitness extends AsyncDisposable {
  readonly url: string;
  /** As its operator would publish it. */
  readonly vkey: string;
  /** Lets it know a log, by its verifier key, from size zero on. */
  know(origin: string, vkey: string): void;
}

export async function startLitewitness(): Promise<Litewitness> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'interop-witness-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const [key, socket, database] = ['key', 'agent.sock', 'witness.db'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  opened.use(
    await runProgram({
      program: { path: 'ssh-agent' },
      args: ['-D', '-a', socket],
      cwd: folder,
      ready: () => Promise.resolve(existsSync(socket)),
    }),
  );
  execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  const told = execFileSync('ssh-keygen', ['-lf', key], { encoding: 'utf8' });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = opened.use(
    await runProgram({
      program: 'litewitness',
      args: [
        `-name=${NAME}`,
        `-db=${database}`,
        `-ssh-agent=${socket}`,
        `-listen=127.0.0.1:${port}`,
        `-key=${told.split(' ')[1] ?? ''}`,
      ],
      cwd: folder,
      ready: () => answers(`${url}/`),
    }),
  );
  const vkey = /vkey=(\S+)/.exec(program.output())?.[1]?.replaceAll('"', '');
  if (vkey === undefined) throw new Error(`no verifier key in: ${program.output()}`);
  const running = opened.move();
  return {
    url,
    vkey,
    know: (origin, logVkey) => know(database, origin, logVkey),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

// What `witnessctl add-log` and `add-key` do to the same database.
function know(file: string, origin: string, vkey: string): void {
  const emptyRoot = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
  const database = new DatabaseSync(file);
  database
    .prepare('INSERT INTO log (origin, tree_size, tree_hash) VALUES (?, 0, ?)')
    .run(origin, emptyRoot);
  database.prepare('INSERT INTO key (origin, key) VALUES (?, ?)').run(origin, vkey);
  database.close();
}
