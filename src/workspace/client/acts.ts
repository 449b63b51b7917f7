import type { CommandAnswer, PressAnswer, SubmitAnswer } from '../wire.ts';
import { act, type Refused } from './driver.ts';

/** What can stand in an input: text, a choice, several choices, or nothing. */
export type PlainValue = string | number | string[] | null;

/** A press of a button or a choice in an overflow menu. */
export interface Press {
  readonly actionId: string;
  readonly blockId: string;
  readonly value?: string;
}

export interface MessagePlace {
  readonly channel: string;
  readonly ts: string;
}

const UNREACHABLE = 'The workspace cannot be reached. Try again?';

/** Everything a person can do from this page; nothing here throws. */
export interface Acts {
  command(command: string, text: string, channel: string): Promise<CommandAnswer>;
  /** @param at the message that a message shortcut is used on. */
  shortcut(callbackId: string, at?: MessagePlace): Promise<PressAnswer>;
  say(channel: string, text: string, threadTs?: string): Promise<CommandAnswer>;
  read(channel: string, ts: string): Promise<void>;
  press(at: MessagePlace, press: Press): Promise<PressAnswer>;
  choose(at: MessagePlace, key: string, value: PlainValue): Promise<PressAnswer>;
  /** The id of the direct message with somebody; undefined if there can be none. */
  openDirect(user: string): Promise<string | undefined>;
  openHome(): Promise<void>;
  pressInHome(press: Press): Promise<PressAnswer>;
  pressInView(press: Press): Promise<PressAnswer>;
  changeInView(key: string, value: PlainValue): Promise<PressAnswer>;
  fillView(values: { readonly [key: string]: PlainValue }): Promise<PressAnswer>;
  submitView(): Promise<SubmitAnswer>;
  closeView(): Promise<void>;
}

/** The acts of one person. `refresh` reads the screen again after each: the feed may lag behind. */
export function actsOf(as: string, refresh: () => void): Acts {
  // One after the other, so that a submission never overtakes what was typed before it.
  let queue: Promise<unknown> = Promise.resolve();
  const run = async <Answer>(
    what: string,
    body: object,
    failed: (shown: string, refused?: Refused) => Answer,
  ): Promise<Answer> => {
    try {
      const answer: Answer | { refused: Refused } = await act<Answer>(as, what, body);
      if (isRefused(answer)) return failed(answer.refused.message, answer.refused);
      return answer;
    } catch {
      return failed(UNREACHABLE);
    } finally {
      refresh();
    }
  };
  const inOrder = <Answer>(start: () => Promise<Answer>): Promise<Answer> => {
    const next = queue.then(start);
    queue = next;
    return next;
  };
  const pressed = (what: string, body: object): Promise<PressAnswer> =>
    run<PressAnswer>(what, body, (shown) => ({ ok: false, shown }));
  const done = async (what: string, body: object): Promise<void> => {
    await run<unknown>(what, body, () => undefined);
  };
  return {
    command: (command, text, channel) =>
      run<CommandAnswer>('command', { command, text, channel }, failedCommand),
    shortcut: (callbackId, at) => pressed('shortcut', { callbackId, ...at }),
    say: async (channel, text, threadTs) => {
      const failed = (shown: string): object => failedCommand(shown);
      const answer = await run<object>('say', { channel, text, threadTs }, failed);
      return 'ok' in answer ? (answer as CommandAnswer) : { ok: true };
    },
    read: (channel, ts) => done('read', { channel, ts }),
    press: (at, press) => pressed('press', { ...at, ...pressBody(press) }),
    choose: (at, actionId, value) => inOrder(() => pressed('select', { ...at, actionId, value })),
    openDirect: async (user) =>
      (await run<{ channel?: string }>('direct', { user }, () => ({}))).channel,
    openHome: () => done('home/open', {}),
    pressInHome: (press) => pressed('home/press', pressBody(press)),
    pressInView: (press) => inOrder(() => pressed('view/press', pressBody(press))),
    changeInView: (actionId, value) => inOrder(() => pressed('view/change', { actionId, value })),
    fillView: (values) =>
      inOrder(async () => {
        const answer = await pressed('view/fill', { values });
        return 'ok' in answer && !answer.ok ? answer : { ok: true };
      }),
    submitView: () =>
      inOrder(() => run<SubmitAnswer>('view/submit', {}, (shown) => ({ failed: { shown } }))),
    closeView: () => inOrder(() => done('view/close', {})),
  };
}

function failedCommand(shown: string, refused?: Refused): CommandAnswer {
  return { ok: false, error: refused?.error ?? 'unreachable', shown };
}

function pressBody({ actionId, blockId, value }: Press): object {
  return { button: actionId, blockId, ...(value !== undefined && { value }) };
}

function isRefused(answer: unknown): answer is { refused: Refused } {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}
