import type { SocketMode } from '../delivery/socket-mode.ts';
import type { JsonObject } from '../json.ts';
import { own } from '../own.ts';
import type { WorkspaceState } from '../state.ts';
import type { Installation } from '../store/directory.ts';
import { appMethods } from './apps.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { missingScope, refuse, type Answer, type Method } from './method.ts';
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

  /** Answers as Slack would: token, kind of token, scopes, then the method's own checks. */
  call(name: string, token: string | undefined, args: JsonObject): Answer {
    const method = own(this.#methods, name);
    if (!method) return refuse('unknown_method', { req_method: name });
    if (!token) return refuse('not_authed');
    const caller = this.#caller(token);
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

  #caller(token: string | undefined): Caller | undefined {
    const { app, installations } = this.#state.directory;
    const installation = installations.find(({ botToken }) => botToken === token);
    if (installation) return { kind: 'bot', installation, scopes: installation.scopes };
    const home = installations[0];
    if (!home || token === undefined || token !== app.appToken) return undefined;
    return {
      kind: 'app',
      installation: home,
      scopes: app.appTokenScopes ?? ['connections:write'],
    };
  }
}
