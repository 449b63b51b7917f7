import type { SlackClients } from './slack-clients.ts';

/** The app in one workspace. */
export interface Installation {
  readonly team: string;
  readonly botUserId: string;
  readonly botId: string;
  readonly clients: SlackClients;
}

/** Where the app is installed. One workspace today; with OAuth a store answers from its cache. */
export interface Installations {
  /** False until Slack has said whose the token is: until then no workspace can be called foreign. */
  readonly isKnown: boolean;
  /** `null` for a workspace that has not installed the app. */
  of(team: string): Installation | null;
  /**
   * The one whose message was pressed: somebody of another organisation presses in a shared
   * channel, and is answered there by the workspace that the channel belongs to.
   */
  answering(team: string, channel: string): Installation | null;
}

/** The one workspace that the bot token belongs to; nothing is installed before `installed` is called. */
export class SingleInstallation implements Installations {
  #installation: Installation | null = null;

  installed(installation: Installation): void {
    this.#installation = installation;
  }

  get isKnown(): boolean {
    return this.#installation !== null;
  }

  of(team: string): Installation | null {
    return this.#installation?.team === team ? this.#installation : null;
  }

  answering(): Installation | null {
    return this.#installation;
  }
}
