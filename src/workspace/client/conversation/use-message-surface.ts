import { useMemo } from 'react';
import type { MessageOnScreen } from '../../wire.ts';
import { useTyping } from '../blocks/use-typing.ts';
import type { Surface } from '../blocks/surface.tsx';
import { useSeen } from '../screen-context.tsx';

/** A message as something to act on. */
export function useMessageSurface(channel: string, { ts, values }: MessageOnScreen): Surface {
  const { acts } = useSeen();
  const { type } = useTyping(async (typed) => {
    for (const [key, value] of Object.entries(typed))
      await acts.choose({ channel, ts }, key, value);
  });
  return useMemo(
    () => ({
      kind: 'message',
      values,
      errors: {},
      press: (press) => acts.press({ channel, ts }, press),
      change: (key, value) => acts.choose({ channel, ts }, key, value),
      type,
    }),
    [acts, channel, ts, values, type],
  );
}
