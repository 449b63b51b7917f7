import type { Logger } from 'pino';
import type { Installation } from '../clients/installations.ts';
import { expectInternal } from './expect-internal.ts';

/** A card is edited about once a second; Slack takes some fifty looks a minute. */
const LOOK_EVERY_MS = 10 * 60_000;

/**
 * Channels that cards stand in already. Slack tells an app of no channel that becomes shared unless it
 * may read channels' events, so each is looked at again before an edit, now and then.
 */
export class InternalChannels {
  readonly #log: Logger;
  readonly #clock: () => number;
  readonly #lookedAt = new Map<string, number>();

  /** @param clock milliseconds that never go back. */
  constructor(log: Logger, clock: () => number) {
    this.#log = log;
    this.#clock = clock;
  }

  /** @throws PublishFailed `rejected` for a channel that is shared with others now. */
  async expect(installation: Installation, channel: string): Promise<void> {
    const now = this.#clock();
    const key = `${installation.team}/${channel}`;
    const before = this.#lookedAt.get(key);
    if (before !== undefined && now - before < LOOK_EVERY_MS) return;
    await expectInternal(installation, channel, this.#log);
    // Only what was found to be internal: a shared one is looked at each time.
    this.#lookedAt.set(key, now);
  }
}
