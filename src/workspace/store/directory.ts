import type { SeedApp, SeedTeam, SeedUser, SeedUserGroup, WorkspaceSeed } from '../seed.ts';

export type User = SeedUser & { teamId: string };
export type UserGroup = SeedUserGroup & { teamId: string };

/** The app in one team. */
export interface Installation {
  teamId: string;
  botUserId: string;
  botId: string;
  botToken: string;
  scopes: string[];
  /** The organisation it was installed for, if not for this team alone: all of its teams share a token. */
  enterpriseId?: string;
}

/** Teams, people, groups and installations of the app. What is in it may be changed while running. */
export class Directory {
  readonly app: SeedApp;
  readonly teams: Map<string, SeedTeam>;
  readonly users = new Map<string, User>();
  readonly groups = new Map<string, UserGroup>();
  readonly installations: Installation[];
  readonly homeTeamId: string;
  /** What Slack says to tokens that serve no more. */
  readonly deadTokens = new Map<string, 'account_inactive' | 'token_revoked'>();

  constructor(seed: WorkspaceSeed) {
    this.app = seed.app;
    this.homeTeamId = seed.teams[0].id;
    this.teams = new Map(seed.teams.map((team) => [team.id, team]));
    this.installations = installationsOf(seed.app, this.homeTeamId);
    for (const user of seed.users) this.setUser(user);
    for (const group of seed.userGroups ?? []) {
      this.groups.set(group.id, { teamId: this.homeTeamId, ...group });
    }
    for (const installed of this.installations) this.#addBot(installed);
  }

  /** Adds a person, or replaces the one with this id: to deactivate somebody, say. */
  setUser(user: SeedUser): void {
    this.users.set(user.id, { teamId: this.homeTeamId, ...user });
  }

  team(id: string): SeedTeam {
    const team = this.teams.get(id);
    if (!team) throw new Error(`The seed has no team ${id}.`);
    return team;
  }

  installationOf(teamId: string): Installation | undefined {
    return this.installations.find((installed) => installed.teamId === teamId);
  }

  /** In place of what is installed there. */
  install(installation: Installation): void {
    this.remove((one) => one.teamId === installation.teamId);
    this.installations.push(installation);
    this.#addBot(installation);
  }

  /** The app is gone from there; gives what was. */
  remove(which: (one: Installation) => boolean): Installation[] {
    const gone = this.installations.filter(which);
    for (const one of gone) this.installations.splice(this.installations.indexOf(one), 1);
    return gone;
  }

  #addBot({ botUserId, teamId }: Installation): void {
    if (this.users.has(botUserId)) return;
    const name = this.app.name.toLowerCase().replaceAll(/\W+/g, '-');
    this.setUser({ id: botUserId, teamId, name, realName: this.app.name, isBot: true });
  }
}

function installationsOf(app: SeedApp, homeTeamId: string): Installation[] {
  const home = app.installedAtHome === false ? [] : [{ ...app, teamId: homeTeamId }];
  return [...home, ...(app.installations ?? [])].map((i, index) => ({
    teamId: i.teamId,
    botUserId: i.botUserId,
    botId: i.botId ?? `B0${app.id.slice(1)}${index === 0 ? '' : index}`,
    botToken: i.botToken,
    scopes: i.scopes,
  }));
}
