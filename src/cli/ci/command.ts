import { spawn, type ChildProcess } from 'node:child_process';
import { codeOfSignal, type JobSignals } from './job-signals.ts';
import { commandTree, type TreeSignal } from './command-tree.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

export interface RunningCommand {
  /** `undefined` for one that could not be started. */
  readonly pid: number | undefined;
  /** The exit code; 128 and the signal's number for a command that a signal ended, as shells have it. */
  readonly ended: Promise<number>;
  /** To the command and all it started; `false` if it could not be sent to any of them. */
  signal(name: TreeSignal): boolean;
  /**
   * Tells the command and all it started to end, and gives whether nothing of it runs any more
   * `graceMs` later.
   */
  end(graceMs: number): Promise<boolean>;
}

/** As shells have it. */
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;

/**
 * Runs a command with the job's own input, output and environment, in a process group of its own, so
 * that what it starts can be stopped with it. Signals that end the job are handed on to the group.
 */
export function startCommand({ file, args }: Command, job: JobSignals): RunningCommand {
  const child = spawned(file, args);
  if (child instanceof Error) return notStarted(Promise.resolve(told(file, child)));
  const { pid } = child;
  if (pid === undefined) return notStarted(endOf(file, child));
  const tree = commandTree(pid, () => child.exitCode !== null || child.signalCode !== null);
  const stopHandingOn = job.handOn((name) => tree.toGroup(name));
  const ended = endOf(file, child).finally(stopHandingOn);
  return {
    pid,
    ended,
    signal: (name) => tree.toAll(name),
    end: (graceMs) => tree.end(graceMs),
  };
}

function spawned(file: string, args: readonly string[]): ChildProcess | Error {
  try {
    return spawn(file, args, { stdio: 'inherit', detached: process.platform !== 'win32' });
  } catch (error) {
    // Arguments that no system takes (too long, or with a NUL in them) are thrown, not emitted.
    return error instanceof Error ? error : new Error('cannot be started', { cause: error });
  }
}

function endOf(file: string, child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(told(file, error)));
    child.once('exit', (code, name) => resolve(code ?? (name === null ? 1 : codeOfSignal(name))));
  });
}

const notStarted = (ended: Promise<number>): RunningCommand => ({
  pid: undefined,
  ended,
  signal: () => false,
  end: () => Promise.resolve(true),
});

/** Says why nothing was started, without the arguments, which can hold secrets. */
function told(file: string, error: Error): number {
  const code = 'code' in error ? String(error.code) : error.name;
  process.stderr.write(`breakglass: ${file} cannot be run (${code})\n`);
  return code === 'ENOENT' ? NOT_FOUND : NOT_RUNNABLE;
}
