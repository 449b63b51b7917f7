import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildCi } from '../../../build/ci-file.ts';

/** Builds the file for CI, with its Action and template beside it, into a folder of its own. */
export async function builtCi(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'breakglass-ci-'));
  await buildCi(folder);
  return folder;
}

/** Copies one of its files where nothing else is. */
export async function alone(folder: string, name: string): Promise<string> {
  const empty = await mkdtemp(join(tmpdir(), 'breakglass-alone-'));
  await cp(join(folder, name), join(empty, name));
  return empty;
}

export interface Ran {
  /** The exit code; `null` if a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Job {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
}

/** Starts a program as a CI runner does: its own environment, no terminal. */
export function startJob(
  file: string,
  args: readonly string[],
  { env, cwd }: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
): Job {
  const child = spawn(file, args, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = [text(child.stdout), text(child.stderr)];
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      void Promise.all([out, err]).then(([o, e]) => resolve({ code, signal, out: o, err: e }));
    });
  });
  return { child, ended };
}
