import { useCallback, useRef } from 'react';
import type { PlainValue } from '../acts.ts';

type Values = { [key: string]: PlainValue };

/** Long enough that a word is not sent letter by letter. */
const PAUSE_MS = 250;

/**
 * Sends what is typed after each pause, so that it stands in the workspace before the app changes
 * the blocks around it; `flush` sends what is left at once.
 */
export function useTyping(send: (values: Values) => Promise<unknown>): {
  readonly type: (key: string, value: PlainValue) => void;
  readonly flush: () => Promise<void>;
} {
  const waiting = useRef<Values>({});
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sending = useRef(send);
  sending.current = send;
  const flush = useCallback(async () => {
    clearTimeout(pause.current);
    const values = waiting.current;
    waiting.current = {};
    if (Object.keys(values).length > 0) await sending.current(values);
  }, []);
  const type = useCallback(
    (key: string, value: PlainValue) => {
      waiting.current[key] = value;
      clearTimeout(pause.current);
      pause.current = setTimeout(() => void flush(), PAUSE_MS);
    },
    [flush],
  );
  return { type, flush };
}
