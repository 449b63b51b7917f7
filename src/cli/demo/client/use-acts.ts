import { useCallback, useState } from 'react';
import { NotDone } from './ask.ts';

/** Runs what a button asks for, and keeps what went wrong until something is asked again. */
export type Run = (name: string, act: () => Promise<void>) => void;

/** What runs now, what went wrong last, and how to run something. */
export function useActs() {
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const run: Run = useCallback((name, act) => {
    setBusy(name);
    setProblem(null);
    act()
      .catch((error: unknown) => {
        setProblem(error instanceof NotDone ? error.message : 'The demo does not answer.');
      })
      .finally(() => setBusy(null));
  }, []);
  return { busy, problem, run };
}
