import { carriedValues, type StateValues } from '../block-kit/state-values.ts';
import type { Message } from './message.ts';

/** What each person has chosen in the inputs of a message: theirs alone, and lost to nobody else. */
export class Selections {
  readonly #values = new Map<string, StateValues>();

  /** `state.values` of the message as this person has it. */
  of(userId: string, message: Message): StateValues {
    const key = `${userId}/${message.channel}/${message.ts}`;
    const values = carriedValues(this.#values.get(key) ?? {}, message.blocks ?? []);
    this.#values.set(key, values);
    return values;
  }
}
