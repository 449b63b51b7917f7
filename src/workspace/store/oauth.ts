import type { Clock } from '../clock.ts';
import { secretPart } from '../ids.ts';
import type { Directory, Installation } from './directory.ts';

/** Where somebody installs the app: in one team, or in every team of an organisation. */
export type InstallPlace = { readonly teamId: string } | { readonly enterpriseId: string };

export interface Grant {
  readonly place: InstallPlace;
  readonly scopes: string[];
  readonly redirectUri: string;
}

/** What a token exchange gives. */
export interface Issued extends Grant {
  readonly token: string;
  /** Only where tokens end. */
  readonly refreshToken?: string;
  readonly botUserId: string;
}

/** "The code expires in 10 minutes" (docs.slack.dev/authentication/installing-with-oauth). */
const CODE_LIFE_MS = 600_000;

/** Codes, and what installing does to the teams. A team keeps its token as long as the app stays there. */
export class OAuth {
  readonly #directory: Directory;
  readonly #clock: Clock;
  readonly #codes = new Map<string, { readonly grant: Grant; readonly until: number }>();
  readonly #refreshing = new Map<string, Issued>();

  constructor(directory: Directory, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** A code for somebody who allowed the app. */
  issueCode(grant: Grant): string {
    const code = `${this.#clock.now()}.${secretPart()}`;
    this.#codes.set(code, { grant, until: this.#clock.now() + CODE_LIFE_MS });
    return code;
  }

  /** Uses the code up and installs the app; undefined for one that serves no more. */
  exchange(code: string, redirectUri: string): Issued | undefined {
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    if (!found || found.until < this.#clock.now()) return undefined;
    return found.grant.redirectUri === redirectUri ? this.#install(found.grant) : undefined;
  }

  /** Uses the refresh token up. */
  renew(refreshToken: string): Issued | undefined {
    const before = this.#refreshing.get(refreshToken);
    this.#refreshing.delete(refreshToken);
    return before && this.#install(before, true);
  }

  /** The token's installations go, and it serves no more. */
  end(token: string, because: 'account_inactive' | 'token_revoked'): Installation[] {
    this.#directory.deadTokens.set(token, because);
    return this.#directory.remove(({ botToken }) => botToken === token);
  }

  #install(grant: Grant, anew = false): Issued {
    const rotates = this.#directory.app.oauth?.rotates === true;
    const teams = this.#teamsOf(grant.place);
    const standing = this.#directory.installationOf(teams[0] ?? '')?.botToken;
    const token = standing !== undefined && !rotates && !anew ? standing : newToken(rotates);
    const botUserId = botUserOf(grant.place);
    for (const teamId of teams)
      this.#directory.install({
        teamId,
        botUserId,
        botId: botUserId.replace(/^U/, 'B'),
        botToken: token,
        scopes: grant.scopes,
        ...('enterpriseId' in grant.place && { enterpriseId: grant.place.enterpriseId }),
      });
    const issued = { ...grant, token, botUserId };
    if (!rotates) return issued;
    const refreshToken = `xoxe-1-${secretPart()}`;
    this.#refreshing.set(refreshToken, issued);
    return { ...issued, refreshToken };
  }

  #teamsOf(place: InstallPlace): string[] {
    if ('teamId' in place) return [place.teamId];
    return [...this.#directory.teams.values()]
      .filter(({ enterpriseId }) => enterpriseId === place.enterpriseId)
      .map(({ id }) => id);
  }
}

const newToken = (rotates: boolean): string => `${rotates ? 'xoxe.xoxb' : 'xoxb'}-${secretPart()}`;

const botUserOf = (place: InstallPlace): string =>
  `U0BOT${('teamId' in place ? place.teamId : place.enterpriseId).slice(2)}`;
