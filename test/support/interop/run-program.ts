import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { programPath, type ProgramName } from './programs.ts';

export interface RunningProgram extends AsyncDisposable {
  /** What it wrote so far, both streams. */
  output(): string;
}

export interface ToRun {
  readonly program: ProgramName | { readonly path: string };
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it serves by now; asked again and again. */
  readonly ready: () => Promise<boolean>;
}

const LONGEST_MS = 60_000;
const PAUSE_MS = 100;
const GRACE_MS = 5_000;

/** Starts a program and waits until it serves. Throws with its output if it ends before. */
export async function runProgram(toRun: ToRun): Promise<RunningProgram> {
  const { program, args, cwd, env } = toRun;
  const path = typeof program === 'string' ? programPath(program) : program.path;
  if (path === undefined) throw new Error(`${JSON.stringify(program)} was not built`);
  const child = spawn(path, [...args], { cwd, env: { ...process.env, ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      said += text;
    });
  }
  let over = false;
  child.once('close', () => {
    over = true;
  });
  const ended = once(child, 'close');
  const running: RunningProgram = {
    output: () => said,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      const last = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await ended;
      clearTimeout(last);
    },
  };
  const until = Date.now() + LONGEST_MS;
  while (!(await toRun.ready())) {
    if (over || Date.now() > until) {
      await running[Symbol.asyncDispose]();
      throw new Error(`${path} did not come up:\n${said}`);
    }
    await pause();
  }
  return running;
}

/** A moment between two looks. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });
}

/** Whether an address answers with a 2xx. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** Whether somebody listens on a port of loopback. */
export async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
