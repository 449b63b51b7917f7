import { spawn } from 'node:child_process';
import type { OsUser } from './os-user-ids.ts';

export interface Outcome {
  /** Exit code; 127 when the program could not be started at all. */
  code: number;
  stdout: string;
  stderr: string;
}

/** Libraries print dates and errors in the locale of their environment; ours is always C. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SYSTEMROOT, TMPDIR } = process.env;
  return { PATH, SYSTEMROOT, TMPDIR, LC_ALL: 'C', TZ: 'UTC' };
}

/** `{}` keeps the current user. */
export function identity(user: OsUser | undefined): { uid?: number; gid?: number } {
  return user === undefined ? {} : { uid: user.uid, gid: user.gid };
}

/**
 * Runs a program to its end and gives what it said. Never rejects: a program that this user may
 * not execute is an answer (`code: 127`), and it is asked for on purpose.
 */
export function runAs(
  user: OsUser | undefined,
  program: string,
  args: readonly string[],
): Promise<Outcome> {
  const child = spawn(program, args, {
    ...identity(user),
    // The caller's folder may be closed to `user`, and a program needs one it can enter.
    cwd: '/',
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 127, stdout, stderr: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}
