import { renderMessageText, renderViewText, type Message, type Person } from '#workspace/workspace';
import { INCIDENTS, PEOPLE, type Part } from './company.ts';
import type { Demo } from './start-demo.ts';

/** Far beyond anything the demo waits for; what takes longer has failed. */
const LONGEST_WAIT_MS = 45_000;

/** The people of the demo acting in the workspace, with what they see printed. */
export interface Stage {
  /** The workspace's time, in the whole seconds of message timestamps. */
  now(): number;
  say(line: string): void;
  show(title: string, text: string): void;
  as(part: Part): Person;
  /** The modal as the person sees it. */
  showModal(part: Part): void;
  /** Waits for a message that this person sees, prints it, and gives it. */
  see(
    part: Part,
    title: string,
    match: (text: string, message: Message) => boolean,
  ): Promise<Message>;
  /** What a message says to a person. */
  textOf(part: Part, message: Message): string;
}

export function stage(demo: Demo, out: (text: string) => void): Stage {
  const { workspace } = demo;
  const textOf = (part: Part, message: Message): string =>
    renderMessageText(message, workspace.readerFor(PEOPLE[part].id));
  const show = (title: string, text: string): void => {
    const framed = text.split('\n').map((line) => `  │ ${line}`);
    out([`  ┌ ${title}`, ...framed, '  └', ''].join('\n'));
  };
  return {
    now: () => Math.floor(Date.now() / 1_000),
    say: (line) => out(`${line}\n`),
    show,
    as: (part) => workspace.as(PEOPLE[part].id),
    showModal(part) {
      const view = workspace.as(PEOPLE[part].id).openView();
      if (view !== undefined)
        show(
          `modal of ${PEOPLE[part].name}`,
          renderViewText(view, workspace.readerFor(PEOPLE[part].id)),
        );
    },
    async see(part, title, match) {
      const { id } = PEOPLE[part];
      const message = await workspace.waitForMessage(id, (one) => match(textOf(part, one), one), {
        timeoutMs: LONGEST_WAIT_MS,
      });
      show(title, textOf(part, message));
      return message;
    },
    textOf,
  };
}

export const isInChannel = (message: Message): boolean =>
  message.channel === INCIDENTS && message.thread_ts === undefined;

export const isInThread = (message: Message): boolean =>
  message.channel === INCIDENTS && message.thread_ts !== undefined;

export const isDirect = (message: Message): boolean => message.channel.startsWith('D');

export const refOf = ({ channel, ts }: Message) => ({ channel, ts });
