import type { SocketMode } from '../delivery/socket-mode.ts';
import type { JsonObject } from '../json.ts';
import { own } from '../own.ts';
import type { WorkspaceState } from '../state.ts';
import type { Installation } from '../store/directory.ts';
import { appMethods } from './apps.ts';
import { textArg } from './arguments.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { missingScope, refuse, type Answer, type Method } from './method.ts';
import { oauthMethods } from './oauth.ts';
import { teamMethods } from './team.ts';
import { usergroupMethods } from './usergroups.ts';
import { userMethods } from './users.ts';
import { viewMethods } from './views.ts';

/** Who is calling: a bot token of an installation, or the app-level token. */
interface Caller {
  kind: 'bot' | 'app';
  installation: Installation;
  scopes: string[];
}

/** Slack's Web API over the workspace's state, one method at a time. */
export class WebApi {
  readonly #state: WorkspaceState;
  readonly #methods: Record<string, Method>;

  constructor(state: WorkspaceState, socketMode: SocketMode | undefined) {
    this.#state = state;
    this.#methods = {
      ...appMethods(socketMode),
      ...chatMethods,
      ...conversationMethods,
      ...oauthMethods,
      ...teamMethods,
      ...usergroupMethods,
      ...userMethods,
      ...viewMethods,
    };
  }

  /** The team that a token belongs to; undefined for an unknown one. */
  teamOf(token: string | undefined): string | undefined {
    return this.#caller(token)?.installation.teamId;
  }

  /** What a token may do, as Slack names it beside every answer; undefined for an unknown one. */
  scopesOf(token: string | undefined): string[] | undefined {
    return this.#caller(token)?.scopes;
  }

  /** Answers as Slack would: token, kind of token, scopes, then the method's own checks. */
  call(name: string, token: string | undefined, args: JsonObject): Answer {
    const method = own(this.#methods, name);
    if (!method) return refuse('unknown_method', { req_method: name });
    if (method.token === 'none')
      return method.run({ state: this.#state, args, installation: this.#nobody });
    if (!token) return refuse('not_authed');
    const dead = this.#state.directory.deadTokens.get(token);
    if (dead) return refuse(dead);
    const caller = this.#caller(token, args);
    if (!caller) return refuse('invalid_auth');
    if (method.token !== 'any' && method.token !== caller.kind) {
      return refuse('not_allowed_token_type');
    }
    const { installation } = caller;
    return (
      missingScope(caller.scopes, method.scopes ?? []) ??
      method.run({ state: this.#state, args, installation })
    );
  }

  #caller(token: string | undefined, args: JsonObject = {}): Caller | undefined {
    const { app, installations } = this.#state.directory;
    const own = installations.filter(({ botToken }) => botToken === token);
    const installation = own.length > 1 ? (placeOf(this.#state, own, args) ?? own[0]) : own[0];
    if (installation) return { kind: 'bot', installation, scopes: installation.scopes };
    if (token === undefined || token !== app.appToken) return undefined;
    return {
      kind: 'app',
      installation: installations[0] ?? this.#nobody,
      scopes: app.appTokenScopes ?? ['connections:write'],
    };
  }

  /** Stands for the app itself, where no team has it. */
  get #nobody(): Installation {
    const { app, homeTeamId: teamId } = this.#state.directory;
    return { teamId, botUserId: app.botUserId, botId: '', botToken: '', scopes: [] };
  }
}

/** Of an installation for a whole organisation: the team that the call is about. */
function placeOf(
  { conversations, directory, triggers, views }: WorkspaceState,
  own: Installation[],
  args: JsonObject,
): Installation | undefined {
  const named = (name: string): string => textArg(args, name) ?? '';
  const teams = [
    named('team_id'),
    conversations.get(named('channel'))?.teamId,
    directory.users.get(named('user'))?.teamId,
    directory.users.get(named('users'))?.teamId,
    directory.users.get(named('user_id'))?.teamId,
    triggers.teamOf(named('trigger_id')),
    views.find({ id: named('view_id') })?.view.app_installed_team_id,
  ];
  return teams
    .map((team) => own.find(({ teamId }) => teamId === team))
    .find((found) => found !== undefined);
}
