import type { Attempt } from '#application/ports/events';

const HELD_BACK: Attempt = { outcome: 'held-back', status: null, durationMs: 0 };

/**
 * Receivers whose last answer was a failure, as this process saw it. One event at a time tries them
 * until one is taken: so a receiver that is slow to fail holds up one worker, and not those that
 * bring events to others. What is held back comes again as a failed try does.
 */
export class FailingReceivers {
  /** By address: whether one is under way. */
  readonly #failing = new Map<string, boolean>();

  async around(address: string, attempt: () => Promise<Attempt>): Promise<Attempt> {
    if (this.#failing.get(address) === true) return HELD_BACK;
    if (this.#failing.has(address)) this.#failing.set(address, true);
    let delivered = false;
    try {
      const done = await attempt();
      delivered = done.outcome === 'delivered';
      return done;
    } finally {
      if (delivered) this.#failing.delete(address);
      else this.#failing.set(address, false);
    }
  }
}
