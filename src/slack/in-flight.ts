import { within } from './within.ts';
import { TooSlow } from './slack-error.ts';

/** Counts payloads that are being worked on, so that a stop can wait for them. */
export class InFlight {
  readonly #work = new Set<Promise<unknown>>();

  run<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    this.#work.add(running);
    const forget = () => this.#work.delete(running);
    running.then(forget, forget);
    return running;
  }

  /** Whether nothing was left after at most `limitMs`. */
  async idle(limitMs: number): Promise<boolean> {
    const deadline = Date.now() + limitMs;
    while (this.#work.size > 0) {
      try {
        await within(Math.max(deadline - Date.now(), 0), Promise.allSettled(this.#work));
      } catch (error) {
        if (error instanceof TooSlow) return false;
        throw error;
      }
    }
    return true;
  }
}
