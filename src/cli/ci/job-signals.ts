import { constants } from 'node:os';

/** What ends a job from outside: Ctrl-C, a cancelled run, a machine that goes away. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Ending = (typeof ENDING)[number];

export interface JobSignals {
  /** Aborted by the first signal that ends the job. */
  readonly stopped: AbortSignal;
  /** The first of them. */
  readonly first: Ending | null;
  /** Called for each; gives what ends the calls. */
  handOn(to: (name: Ending) => void): () => void;
  /** From here on they end this process again. */
  release(): void;
}

/**
 * Catches the signals that end the job for as long as it lives, so that a deploy is never left
 * without its end being reported. They are handed on, never swallowed: GitHub Actions sends SIGINT,
 * SIGTERM 7.5 s later, and kills 2.5 s after that.
 */
export function jobSignals(): JobSignals {
  const stop = new AbortController();
  const listeners = new Set<(name: Ending) => void>();
  const state: { first: Ending | null } = { first: null };
  const hear = (name: NodeJS.Signals): void => {
    const ending = ENDING.find((one) => one === name);
    if (ending === undefined) return;
    state.first ??= ending;
    stop.abort();
    for (const tell of listeners) tell(ending);
  };
  for (const name of ENDING) process.on(name, hear);
  return {
    stopped: stop.signal,
    get first() {
      return state.first;
    },
    handOn(to) {
      listeners.add(to);
      return () => void listeners.delete(to);
    },
    release() {
      for (const name of ENDING) process.off(name, hear);
    },
  };
}

/** The exit code of what a signal ended, as shells have it. */
export const codeOfSignal = (name: NodeJS.Signals): number => 128 + constants.signals[name];
