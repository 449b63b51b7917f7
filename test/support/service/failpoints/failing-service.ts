import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BreakglassProcess } from '../breakglass-process.ts';
import type { Installation } from '../installation.ts';
import { ARMED, FAILPOINT_FILE, type Step } from './steps.ts';

/** A service that dies where it is told to, and is started again. */
export interface FailingService {
  /** From now on the process dies at this step. */
  dieAt(step: Step): Promise<void>;
  /** Waits until it died of the step, and for nothing else. @throws Error if it ended by itself. */
  died(): Promise<void>;
  /** Starts it, unless it runs. */
  up(): Promise<void>;
  /** Ends it, whatever it does. */
  end(): Promise<void>;
}

export function failingService(of: Installation): FailingService {
  const file = join(of.dataDir, 'failpoint.json');
  const preload = new URL('preload.ts', import.meta.url).href;
  const settings = { NODE_OPTIONS: `--import ${preload}`, [FAILPOINT_FILE]: file };
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
    },
    async up() {
      if (running?.isRunning() !== true) running = await of.start(settings);
    },
    async end() {
      running?.signal('SIGKILL');
      await ended();
    },
  };
}
