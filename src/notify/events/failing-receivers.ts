import type { Attempt } from '#application/ports/events';

const HELD_BACK: Attempt = { outcome: 'held-back', status: null, durationMs: 0 };

/**
 * Receivers whose last answer was a failure, as this process saw it. One event at a time tries them
 * until one is taken: so a receiver that is slow to fail holds up one worker, and not those that
 * bring events to others. What is held back comes again as a failed try does.
 */
export class FailingReceivers {
  /** By tenant and address: whether one is under way. */
  readonly #failing = new Map<string, boolean>();

  async around(receiver: string, attempt: () => Promise<Attempt>): Promise<Attempt> {
    if (this.#failing.get(receiver) === true) return HELD_BACK;
    if (this.#failing.has(receiver)) this.#failing.set(receiver, true);
    let delivered = false;
    try {
      const done = await attempt();
      delivered = done.outcome === 'delivered';
      return done;
    } finally {
      if (delivered) this.#failing.delete(receiver);
      else this.#failing.set(receiver, false);
    }
  }
}
