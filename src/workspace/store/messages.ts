import type { Changes } from '../changes.ts';
import { TimestampSequence, type Clock } from '../clock.ts';
import type { Message } from './message.ts';

type NewMessage = Omit<Message, 'type' | 'ts'>;

/** All messages, in the order they came. */
export class Messages {
  readonly #all: Message[] = [];
  readonly #timestamps: TimestampSequence;
  readonly #changes: Changes;

  constructor(clock: Clock, changes: Changes) {
    this.#timestamps = new TimestampSequence(clock);
    this.#changes = changes;
  }

  post(message: NewMessage): Message {
    const posted = { ...message, type: 'message' as const, ts: this.#timestamps.next() } as Message;
    this.#all.push(posted);
    this.#changes.record({ kind: 'message_posted', message: structuredClone(posted) });
    return posted;
  }

  find(channel: string, ts: string): Message | undefined {
    return this.#all.find((message) => message.channel === channel && message.ts === ts);
  }

  /** Replaces what is given; a field that is given as undefined is removed. */
  update(message: Message, fields: { [K in keyof Message]?: Message[K] | undefined }): void {
    Object.assign(message, fields);
    for (const [name, value] of Object.entries(message)) {
      if (value === undefined) delete message[name];
    }
    this.#changes.record({ kind: 'message_updated', message: structuredClone(message) });
  }

  markEdited(message: Message, user: string): { user: string; ts: string } {
    const edited = { user, ts: this.#timestamps.next() };
    message.edited = edited;
    return edited;
  }

  remove(message: Message): void {
    this.#all.splice(this.#all.indexOf(message), 1);
    this.#changes.record({ kind: 'message_deleted', channel: message.channel, ts: message.ts });
  }

  /** Those of a channel, oldest first; ephemeral ones only for the person who sees them. */
  in(channel: string, viewer?: string): Message[] {
    return this.#all.filter(
      (message) =>
        message.channel === channel && (!message.is_ephemeral || message.visible_to === viewer),
    );
  }
}
