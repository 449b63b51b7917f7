import { useState } from 'react';
import type { PersonOnScreen } from '../../wire.ts';
import { useSeen } from '../screen-context.tsx';

interface Sending {
  readonly channel: string;
  readonly threadTs: string | undefined;
  readonly text: string;
  readonly write: (text: string) => void;
}

/** Sends what is written: a command where it begins with a slash, else a message. */
export function useSend({ channel, threadTs, text, write }: Sending): {
  readonly send: () => void;
  readonly isSending: boolean;
  readonly failure: string;
} {
  const { acts, screen } = useSeen();
  const [failure, setFailure] = useState('');
  const [isSending, setSending] = useState(false);
  const start = async (): Promise<void> => {
    const [, command, rest] = /^(\/\S+)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
    setSending(true);
    setFailure('');
    write('');
    const answer =
      command === undefined
        ? await acts.say(channel, encoded(text.trim(), screen.people), threadTs)
        : await acts.command(command, rest ?? '', channel);
    setSending(false);
    if (answer.ok || isToldInConversation(answer.error)) return;
    setFailure(answer.shown);
    write(text);
  };
  return { send: () => void (text.trim() !== '' && !isSending && start()), isSending, failure };
}

/** Slackbot says it there, alone to the person; only what never reached the app is said here. */
const isToldInConversation = (error: string): boolean =>
  !['unknown_command', 'unreachable', 'no_such_channel', 'person_deactivated'].includes(error);

/** Slack's three entities, and mentions of people by their handle. */
function encoded(text: string, people: readonly PersonOnScreen[]): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replaceAll(/(?<![\w@])@([\w.-]+)/g, (whole, handle: string) => {
    const person = people.find((one) => one.handle === handle);
    return person ? `<@${person.id}>` : whole;
  });
}
