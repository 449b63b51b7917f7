import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of the bench that answers one message after the other. */
export interface AskedProcess {
  /** What it said when it was ready. */
  readonly ready: unknown;
  ask(message: object): Promise<unknown>;
  end(): Promise<void>;
}

/** Starts a file of this folder in a process of its own; it is ready with its first message. */
export async function askedProcess(file: string, args: readonly string[]): Promise<AskedProcess> {
  const child = fork(new URL(file, import.meta.url), [...args]);
  const exited = once(child, 'exit');
  const answered = async (): Promise<unknown> => {
    const gone = exited.then(() => {
      throw new RangeError(`${file} ended`);
    });
    const [message] = (await Promise.race([once(child, 'message'), gone])) as [unknown];
    return message;
  };
  const ready = await answered();
  return {
    ready,
    async ask(message) {
      child.send(message);
      return answered();
    },
    async end() {
      child.disconnect();
      await exited;
    },
  };
}

/** The other side: tells that it is ready, then answers each message until its parent lets go. */
export function answerParent(
  ready: object,
  answer: (message: unknown) => Promise<object> | object,
  end: () => Promise<void>,
): void {
  process.send?.(ready);
  process.on('message', (message) => void Promise.resolve(answer(message)).then(reply));
  process.once('disconnect', () => void end());
}

const reply = (message: object): void => void process.send?.(message);
