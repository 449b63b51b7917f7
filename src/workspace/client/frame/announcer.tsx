import { useEffect, useRef, useState } from 'react';
import { useSeen } from '../screen-context.tsx';
import type { MessageOnScreen } from '../../wire.ts';
import type { Opened } from './use-opened.ts';

/** Tells those who do not see the page of each new message in the conversation that is open. */
export function Announcer({ opened }: { opened: Opened | undefined }) {
  const { people, me } = useSeen().screen;
  const channel = opened?.kind === 'channel' ? opened.channel : opened?.dm;
  const last = channel?.messages.at(-1);
  const heard = useRef<string>(undefined);
  const [words, setWords] = useState('');
  const here = channel?.id;
  useEffect(() => {
    const at = `${here}/${last?.ts}`;
    const isNew = heard.current?.startsWith(`${here}/`) === true && heard.current !== at;
    heard.current = at;
    if (!isNew || !last || last.user === me.id) return;
    const author = people.find(({ id }) => id === last.user)?.name ?? 'Somebody';
    setWords(`${author}: ${spoken(last)}`);
  }, [here, last, me.id, people]);
  return (
    <p className="unseen" aria-live="polite">
      {words}
    </p>
  );
}

/** The text without its tokens: what a notification would say. */
const spoken = ({ text }: MessageOnScreen): string =>
  text
    .replaceAll(/<[^<>|]+\|([^<>]+)>/g, '$1')
    .replaceAll(/<[^<>]+>/g, '')
    .slice(0, 200);
