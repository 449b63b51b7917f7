/** Where the workspace reads the time. Tests inject one to let triggers and response URLs expire. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

const STEP = 100;
const MICROS_PER_SECOND = 1_000_000;

/**
 * Message timestamps as Slack writes them (`1700000000.000100`): seconds, then a sequence number.
 * They are a message's identity, so they must be unique and grow even when the clock stands still
 * or steps back.
 */
export class TimestampSequence {
  readonly #clock: Clock;
  #seconds = 0;
  #sequence = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): string {
    const now = Math.floor(this.#clock.now() / 1000);
    if (now > this.#seconds) {
      this.#seconds = now;
      this.#sequence = STEP;
    } else {
      this.#sequence += STEP;
    }
    if (this.#sequence >= MICROS_PER_SECOND) {
      this.#seconds += 1;
      this.#sequence = STEP;
    }
    return `${this.#seconds}.${String(this.#sequence).padStart(6, '0')}`;
  }
}
