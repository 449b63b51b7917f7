import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Environment = Readonly<Record<string, string>>;

/** How a process ended and what it had written by then. */
export interface Ended {
  /** `null` if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LogLine {
  readonly level: number;
  readonly msg?: string;
  readonly [field: string]: unknown;
}

/** The command as users run it, under way. */
export interface BreakglassProcess {
  readonly ended: Promise<Ended>;
  isRunning(): boolean;
  signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGUSR2' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Its structured log so far. */
  log(): readonly LogLine[];
  /** Everything it has written so far. */
  output(): string;
  /** The first log line, now or later, for which `match` holds. @throws Error if it ends before. */
  logged(match: (line: LogLine) => boolean): Promise<LogLine>;
}

/** The variable that names the bundled command; without it the command runs from `src/`. */
export const BUNDLED_COMMAND = 'BREAKGLASS_TEST_COMMAND';

const MAIN =
  process.env[BUNDLED_COMMAND] ??
  fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

/** For `NODE_OPTIONS`. */
export const QUICK_START = `--import ${new URL('../modules-of-drizzle.ts', import.meta.url).href}`;

/** Nothing of the test's own environment but what programs need to run, and to start quickly. */
function environment(settings: Environment): Record<string, string> {
  const { PATH = '', HOME = '/', NODE_COMPILE_CACHE = '' } = process.env;
  return { PATH, HOME, NODE_COMPILE_CACHE, NODE_OPTIONS: QUICK_START, ...settings };
}

/** Runs `breakglass` with only these settings. */
export function spawnBreakglass(
  args: readonly string[],
  settings: Environment,
  input = '',
): BreakglassProcess {
  const child = spawn(process.execPath, [MAIN, ...args], { env: environment(settings) });
  child.stdin.end(input);
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const text = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      for (const listener of listeners) listener();
    });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', killWithUs);
      resolve({ code, ...text });
      for (const listener of listeners) listener();
    });
  });
  const log = (): readonly LogLine[] => linesOf(text.stdout);
  return {
    ended,
    isRunning: () => isRunning(child),
    signal: (name) => void child.kill(name),
    log,
    output: () => text.stdout + text.stderr,
    logged: (match) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = log().find(match);
          if (found === undefined && isRunning(child)) return;
          listeners.delete(look);
          if (found === undefined)
            reject(new Error(`breakglass ended:\n${text.stdout}${text.stderr}`));
          else resolve(found);
        };
        listeners.add(look);
        look();
      }),
  };
}

/** Runs `breakglass` to its end. */
export function runBreakglass(
  args: readonly string[],
  settings: Environment,
  input = '',
): Promise<Ended> {
  return spawnBreakglass(args, settings, input).ended;
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function linesOf(text: string): readonly LogLine[] {
  // The last piece may be half a line.
  const whole = text.split('\n').slice(0, -1);
  return whole.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as LogLine] : []));
}
