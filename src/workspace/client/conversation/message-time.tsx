import { useReader } from '../screen-context.tsx';
import { format, timeText, tsToMs } from '../time-text.ts';

/** When a message came, in the reader's zone; the whole of it on hovering. */
export function MessageTime({ ts }: { ts: string }) {
  const reader = useReader();
  const at = tsToMs(ts);
  const whole = format(at, reader, { dateStyle: 'long', timeStyle: 'medium' });
  return (
    <time className="message-time" dateTime={new Date(at).toISOString()} title={whole}>
      {timeText(at, reader)}
    </time>
  );
}
