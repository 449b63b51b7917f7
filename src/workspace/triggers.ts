import type { Clock } from './clock.ts';
import { secretPart } from './ids.ts';

/** A trigger lives this long and serves once (Slack's documentation of `views.open`). */
const TRIGGER_LIFE_MS = 3000;

export interface Trigger {
  userId: string;
  teamId: string;
  /** The view whose button or submission issued it; `views.push` is possible only from such. */
  viewId?: string;
}

export type TriggerRefusal = 'expired_trigger_id' | 'exchanged_trigger_id' | 'invalid_trigger_id';

/** Issues trigger ids and exchanges each at most once. */
export class Triggers {
  readonly #clock: Clock;
  readonly #issued = new Map<string, { trigger: Trigger; expiresAt: number; used: boolean }>();
  #counter = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(trigger: Trigger): string {
    const now = this.#clock.now();
    this.#counter += 1;
    const id = `${now}.${this.#counter}.${secretPart()}`;
    this.#issued.set(id, { trigger, expiresAt: now + TRIGGER_LIFE_MS, used: false });
    return id;
  }

  /** Where it was issued; it stays as it is. */
  teamOf(id: string): string | undefined {
    return this.#issued.get(id)?.trigger.teamId;
  }

  /** Uses the trigger up. A used one stays known, so that a second use is told apart from a guess. */
  exchange(id: string): Trigger | TriggerRefusal {
    const entry = this.#issued.get(id);
    if (!entry) return 'invalid_trigger_id';
    if (entry.used) return 'exchanged_trigger_id';
    if (this.#clock.now() > entry.expiresAt) return 'expired_trigger_id';
    entry.used = true;
    return entry.trigger;
  }
}
