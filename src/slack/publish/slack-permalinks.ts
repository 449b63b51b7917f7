import type { Logger } from 'pino';
import type { SlackLinks } from '#application/ports/page-link';
import type { MessageRef } from '#application/ports/press';
import type { Installations } from '../clients/installations.ts';

/** Links for pages. Asked of Slack with a page waiting: one that cannot be had is left out. */
export class SlackPermalinks implements SlackLinks {
  readonly #installations: Installations;
  readonly #log: Pick<Logger, 'warn'>;
  /** By team: which app a token is of never changes. */
  readonly #apps = new Map<string, string>();

  constructor(installations: Installations, log: Pick<Logger, 'warn'>) {
    this.#installations = installations;
    this.#log = log;
  }

  async ofMessage(team: string, { channel, ts }: MessageRef): Promise<string | null> {
    try {
      const installation = await this.#installations.find(team);
      if (installation === null) return null;
      const answer = await installation.clients.lookUps.chat.getPermalink({
        channel,
        message_ts: ts,
      });
      return answer.permalink ?? null;
    } catch (err) {
      this.#log.warn({ err }, 'a page goes without a link to its card');
      return null;
    }
  }

  async ofApp(team: string): Promise<string | null> {
    const app = await this.#appOf(team);
    if (app === null) return null;
    return `https://slack.com/app_redirect?${new URLSearchParams({ app, team }).toString()}`;
  }

  async #appOf(team: string): Promise<string | null> {
    const known = this.#apps.get(team);
    if (known !== undefined) return known;
    try {
      const installation = await this.#installations.find(team);
      if (installation === null) return null;
      if (installation.appId !== undefined) return installation.appId;
      const { bot } = await installation.clients.lookUps.bots.info(
        installation.botId === undefined ? {} : { bot: installation.botId },
      );
      const app = bot?.app_id ?? null;
      if (app !== null) this.#apps.set(team, app);
      return app;
    } catch (err) {
      this.#log.warn({ err }, 'a page goes without a link to Slack');
      return null;
    }
  }
}
