import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface ShellResult {
  readonly code: number | null;
  readonly said: string;
}

/** Runs a program with nothing in its environment but PATH and what is named. */
export async function runShell(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<ShellResult> {
  const child = spawn(file, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, said: out + err };
}
