import type { Clock } from './clock.ts';
import { secretPart } from './ids.ts';

const RESPONSE_URL_USES = 5;
const RESPONSE_URL_LIFE_MS = 30 * 60_000;

/** Where answers to one command or press go. */
export interface ResponseTarget {
  teamId: string;
  channelId: string;
  userId: string;
  /** The message that was pressed, which `replace_original` and `delete_original` mean. */
  original?: { ts: string; isEphemeral: boolean };
}

export type ResponseUrlRefusal = 'used_url' | 'expired_url' | 'no_such_url';

/** Issues response URLs: five uses within thirty minutes each. */
export class ResponseUrls {
  readonly #clock: Clock;
  readonly #issued = new Map<string, { target: ResponseTarget; expiresAt: number; left: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The path part of a new response URL. */
  issue(kind: 'commands' | 'actions', target: ResponseTarget): string {
    const path = `/${kind}/${target.teamId}/${this.#issued.size + 1}/${secretPart(12)}`;
    this.#issued.set(path, {
      target,
      expiresAt: this.#clock.now() + RESPONSE_URL_LIFE_MS,
      left: RESPONSE_URL_USES,
    });
    return path;
  }

  use(path: string): ResponseTarget | ResponseUrlRefusal {
    const entry = this.#issued.get(path);
    if (!entry) return 'no_such_url';
    if (this.#clock.now() > entry.expiresAt) return 'expired_url';
    if (entry.left === 0) return 'used_url';
    entry.left -= 1;
    return entry.target;
  }
}
