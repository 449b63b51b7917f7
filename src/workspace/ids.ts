import { randomBytes } from 'node:crypto';

/** The letters that Slack's ids begin with: users, conversations, DMs, views, bots, triggers' apps. */
export type IdPrefix = 'C' | 'D' | 'V' | 'B' | 'U' | 'A' | 'Bl';

/** Ids that look like Slack's (`D0ABC12345`): a prefix and an increasing base-36 number. */
export class IdSequence {
  #next = 36 ** 8 * 8 + 1;

  next(prefix: IdPrefix): string {
    this.#next += 1 + (this.#next % 7);
    return `${prefix}0${this.#next.toString(36).toUpperCase().slice(-9)}`;
  }
}

/** An unguessable part for triggers, tickets and response URLs. */
export function secretPart(bytes = 16): string {
  return randomBytes(bytes).toString('hex');
}

/** A block or action id that Slack fills in where the app gave none. */
export function generatedId(): string {
  return randomBytes(3).toString('base64url').replaceAll('-', 'x').replaceAll('_', 'y');
}
