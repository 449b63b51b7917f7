import type { TenantId } from '#domain/ids';
import type { SlackClients } from './slack-clients.ts';

/** The app in one workspace. */
export interface Installation {
  readonly team: string;
  /** Where it is stored. */
  readonly id?: string;
  readonly botUserId: string;
  readonly botId?: string;
  readonly appId?: string;
  readonly clients: SlackClients;
  /** Whose it is, where the installation itself says so. */
  readonly tenant?: TenantId;
  /** It holds for a whole organisation: methods that list want the workspace named. */
  readonly isForAll?: boolean;
}

/** Where the app is installed. */
export interface Installations {
  /** False until Slack has said whose the token is: until then no workspace can be called foreign. */
  readonly isKnown: boolean;
  /** What becomes of a message for a workspace without the app: it is given up, or waits for it. */
  readonly whenMissing: 'rejected' | 'not-installed';
  /** From memory, where it was asked for just before; `null` for a workspace without the app. */
  of(team: string): Installation | null;
  /** `null` for a workspace without the app. @throws where it cannot be read. */
  find(team: string): Promise<Installation | null>;
  /**
   * Whether the app is missing from a workspace of the tenant's own: its people are not foreign, but
   * cannot be asked about. @throws where it cannot be read.
   */
  isLost(team: string, tenant: TenantId): Promise<boolean>;
  /**
   * For whom something is about to be done in this workspace: `of` knows it from then on.
   * @throws where it cannot be read.
   */
  warm(team: string | null, enterprise: string | null): Promise<Installation | null>;
}

/** The one workspace that the bot token belongs to; nothing is installed before `installed` is called. */
export class SingleInstallation implements Installations {
  readonly whenMissing = 'rejected';
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

  async find(team: string): Promise<Installation | null> {
    return this.of(team);
  }

  async isLost(): Promise<boolean> {
    return false;
  }

  async warm(team: string | null): Promise<Installation | null> {
    return team === null ? null : this.of(team);
  }
}
