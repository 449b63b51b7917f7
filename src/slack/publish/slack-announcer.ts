import type { Logger } from 'pino';
import type { Announcement, Announcer } from '#application/ports/outbound';
import type { TenantId } from '#domain/ids';
import { renderAnnouncement } from '../cards/render-announcement.ts';
import type { Installations } from '../clients/installations.ts';
import { expectInternal } from './expect-internal.ts';
import { installedFor } from './installed-for.ts';
import { post } from './messages.ts';
import type { Words } from '../words/words.ts';

/** Checkpoints and alarms over `chat.postMessage`. One try each: the queue retries. */
export class SlackAnnouncer implements Announcer {
  readonly #installations: Installations;
  readonly #log: Logger;
  readonly #words: Words;

  constructor(installations: Installations, log: Logger, words: Words) {
    this.#installations = installations;
    this.#log = log;
    this.#words = words;
  }

  async announce(
    team: string,
    channel: string,
    said: Announcement,
    tenant: TenantId,
  ): Promise<void> {
    const installation = await installedFor(this.#installations, team, tenant, this.#log);
    const message = renderAnnouncement(said, this.#words);
    await expectInternal(installation, channel, this.#log);
    await post(installation, { channel }, message);
  }
}
