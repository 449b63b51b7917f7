import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freeWhatDeadHeld } from '../at-rest.ts';
import {
  QUICK_START,
  runBreakglass,
  type BreakglassProcess,
  type Environment,
} from '../breakglass-process.ts';
import type { Installation } from '../installation.ts';
import { ARMED, ARMED_AT_START, FAILPOINT_FILE, type Step } from './steps.ts';

/** A service that dies where it is told to, and is started again. */
export interface FailingService {
  /** From now on the process dies at this step. */
  dieAt(step: Step): Promise<void>;
  /**
   * Waits until it died of the step, and for nothing else. The next process need not wait until the
   * time of what this one held is up. @throws Error if it ended by itself.
   */
  died(): Promise<void>;
  /** Starts it, unless it runs. */
  up(): Promise<void>;
  /** Ends it, whatever it does. */
  end(): Promise<void>;
  /** A command of the same installation that dies at this step. @throws Error if it ended by itself. */
  runUntil(step: Step, ...args: readonly string[]): Promise<void>;
}

/** @param more settings beyond those of the installation. */
export function failingService(of: Installation, more: Environment = {}): FailingService {
  const file = join(of.dataDir, 'failpoint.json');
  const preload = new URL('preload.ts', import.meta.url).href;
  const settings = {
    ...more,
    NODE_OPTIONS: `${QUICK_START} --import ${preload}`,
    [FAILPOINT_FILE]: file,
  };
  let running: BreakglassProcess | null = null;
  const ended = async (): Promise<number | null> => {
    const code = (await running?.ended)?.code ?? null;
    running = null;
    return code;
  };
  return {
    async dieAt(step) {
      await writeFile(file, JSON.stringify(step));
      running?.signal('SIGUSR2');
      await running?.logged((line) => line.msg === ARMED);
    },
    async died() {
      const code = await ended();
      if (code !== null) throw new Error(`the service ended by itself: ${code}`);
      const database = of.settings['DATABASE_URL'];
      if (database !== undefined) await freeWhatDeadHeld(database);
    },
    async up() {
      if (running?.isRunning() !== true) running = await of.start(settings);
    },
    async end() {
      running?.signal('SIGKILL');
      await ended();
    },
    async runUntil(step, ...args) {
      await writeFile(file, JSON.stringify(step));
      const armed = { ...of.settings, ...settings, [ARMED_AT_START]: 'yes' };
      const { code, stderr } = await runBreakglass(args, armed);
      if (code !== null) throw new Error(`the command ended by itself: ${code} ${stderr}`);
    },
  };
}
