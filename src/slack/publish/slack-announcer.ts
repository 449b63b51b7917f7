import type { Logger } from 'pino';
import type { Announcement, Announcer } from '#application/ports/outbound';
import { PublishFailed } from '#application/ports/surface';
import { renderAnnouncement } from '../cards/render-announcement.ts';
import type { Installations } from '../clients/installations.ts';
import { expectInternal } from './expect-internal.ts';
import { post } from './messages.ts';

/** Checkpoints and alarms over `chat.postMessage`. One try each: the queue retries. */
export class SlackAnnouncer implements Announcer {
  readonly #installations: Installations;
  readonly #log: Logger;

  constructor(installations: Installations, log: Logger) {
    this.#installations = installations;
    this.#log = log;
  }

  async announce(team: string, channel: string, said: Announcement): Promise<void> {
    const installation = this.#installations.of(team);
    if (installation === null) {
      // Until Slack has said whose the token is, no workspace can be called foreign.
      throw new PublishFailed(this.#installations.isKnown ? 'rejected' : 'unavailable', null);
    }
    const message = renderAnnouncement(said);
    await expectInternal(installation, channel, this.#log);
    await post(installation, { channel }, message);
  }
}
