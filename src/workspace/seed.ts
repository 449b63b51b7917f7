/** What a workspace starts with: plain data, so that a demo can keep it in a JSON file. */
export interface WorkspaceSeed {
  /** The first team is the home of the app and of every user and channel that names no team. */
  teams: [SeedTeam, ...SeedTeam[]];
  users: SeedUser[];
  userGroups?: SeedUserGroup[];
  channels?: SeedChannel[];
  app: SeedApp;
}

export interface SeedTeam {
  /** `T…` */
  id: string;
  name: string;
  /** The part before `.slack.com`. */
  domain: string;
  /** `E…` of the organisation it belongs to, if any. */
  enterpriseId?: string;
}

export interface SeedUser {
  /** `U…` or `W…` */
  id: string;
  teamId?: string;
  /** The handle, without `@`. */
  name: string;
  realName: string;
  /** Shown to apps only with the scope `users:read.email`. */
  email?: string;
  /** IANA zone; `UTC` if absent. */
  tz?: string;
  isBot?: boolean;
  deleted?: boolean;
  isRestricted?: boolean;
  isUltraRestricted?: boolean;
  /** A member of another organisation, seen through a shared channel. */
  isStranger?: boolean;
}

export interface SeedUserGroup {
  /** `S…` */
  id: string;
  handle: string;
  name: string;
  teamId?: string;
  members: string[];
  /** A disabled group is listed only on request. */
  disabled?: boolean;
}

export interface SeedChannel {
  /** `C…` */
  id: string;
  name: string;
  teamId?: string;
  isPrivate?: boolean;
  /** Other organisations read it (Slack Connect), or are invited to. */
  isExtShared?: boolean;
  isPendingExtShared?: boolean;
  isArchived?: boolean;
  /** User ids; list the app's bot user to have it join. */
  members: string[];
}

export interface SeedApp {
  /** `A…` */
  id: string;
  name: string;
  botUserId: string;
  botId?: string;
  /** `xoxb-…` */
  botToken: string;
  /** `xapp-…`, needed for Socket Mode. */
  appToken?: string;
  signingSecret: string;
  /** OAuth scopes granted to the bot token of the home team. */
  scopes: string[];
  /** Scopes of the app-level token; `connections:write` if absent. */
  appTokenScopes?: string[];
  /** With the leading slash. */
  slashCommands: string[];
  /** What stands in the menus of the client beside the commands. */
  shortcuts?: SeedShortcut[];
  delivery: SeedDelivery;
  /** Event types the app has subscribed to, such as `app_home_opened`. */
  events?: string[];
  /** The same app installed in further teams, each with a bot and a token of its own. */
  installations?: SeedInstallation[];
  /** How further teams install it; its home has it from the start unless `installedAtHome` is false. */
  oauth?: SeedOAuth;
  installedAtHome?: boolean;
}

/** Slack's OAuth 2.0, version 2. */
export interface SeedOAuth {
  clientId: string;
  clientSecret: string;
  redirectUrls: string[];
  /** Tokens end and are renewed. */
  rotates?: boolean;
}

/** As in the manifest's `features.shortcuts`: offered everywhere, or on a message. */
export interface SeedShortcut {
  type: 'global' | 'message';
  name: string;
  callbackId: string;
}

export interface SeedInstallation {
  teamId: string;
  botUserId: string;
  botId?: string;
  botToken: string;
  scopes: string[];
}

/** How Slack reaches the app: over sockets that the app opens, or by requests to a URL of the app. */
export type SeedDelivery = { mode: 'socket' } | { mode: 'http'; requestUrl: string };
