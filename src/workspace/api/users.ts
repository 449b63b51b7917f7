import type { JsonObject } from '../json.ts';
import type { User } from '../store/directory.ts';
import { page, textArg } from './arguments.ts';
import { missingArguments, ok, refuse, type Answer, type ApiCall, type Method } from './method.ts';

function info(call: ApiCall): Answer {
  const missing = missingArguments(call.args, 'user');
  if (missing) return missing;
  const user = call.state.directory.users.get(String(textArg(call.args, 'user')));
  if (!user) return refuse('user_not_found');
  return isVisible(call, user) ? ok({ user: shownUser(call, user) }) : refuse('user_not_visible');
}

function list(call: ApiCall): Answer {
  const visible = [...call.state.directory.users.values()].filter((user) => isVisible(call, user));
  const { items, cursor } = page(visible, call.args);
  const members = items.map((user) => shownUser(call, user));
  return ok({ members, response_metadata: { next_cursor: cursor } });
}

function lookupByEmail(call: ApiCall): Answer {
  const missing = missingArguments(call.args, 'email');
  if (missing) return missing;
  const email = String(textArg(call.args, 'email')).toLowerCase();
  const user = [...call.state.directory.users.values()].find(
    (u) => u.email?.toLowerCase() === email && !u.deleted && isVisible(call, u),
  );
  return user ? ok({ user: shownUser(call, user) }) : refuse('users_not_found');
}

/** People of the team, and those of others whom a shared channel brings in. */
function isVisible({ state, installation }: ApiCall, user: User): boolean {
  if (user.teamId === installation.teamId || user.isStranger) return true;
  return state.conversations.all().some((c) => c.isExtShared && c.members.has(user.id));
}

function shownUser({ installation, state }: ApiCall, user: User): JsonObject {
  const mayShowEmail = installation.scopes.includes('users:read.email');
  const isStranger = user.isStranger === true || user.teamId !== installation.teamId;
  const zone = user.tz ?? 'UTC';
  return {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.deleted ?? false,
    is_bot: user.isBot ?? false,
    is_app_user: false,
    updated: Math.floor(state.clock.now() / 1000),
    profile: {
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      team: user.teamId,
      ...(mayShowEmail && user.email !== undefined && { email: user.email }),
    },
    ...(isStranger && { is_stranger: true }),
    // Slack leaves these out for people who were deactivated.
    ...(!user.deleted && {
      real_name: user.realName,
      tz: zone,
      tz_label: zone,
      tz_offset: offsetSeconds(zone, state.clock.now()),
      is_admin: false,
      is_owner: false,
      is_primary_owner: false,
      is_restricted: user.isRestricted ?? false,
      is_ultra_restricted: user.isUltraRestricted ?? false,
    }),
  };
}

function offsetSeconds(timeZone: string, atMs: number): number {
  const wall = new Date(atMs).toLocaleString('sv-SE', { timeZone });
  const seconds = Date.parse(`${wall.replace(' ', 'T')}Z`) - Math.floor(atMs / 1000) * 1000;
  return Math.round(seconds / 1000);
}

function botInfo(call: ApiCall): Answer {
  const id = textArg(call.args, 'bot') ?? call.installation.botId;
  const installed = call.state.directory.installations.find(({ botId }) => botId === id);
  if (!installed) return refuse('bot_not_found');
  const { id: app_id, name } = call.state.directory.app;
  return ok({ bot: { id, app_id, user_id: installed.botUserId, name, deleted: false } });
}

export const userMethods: Record<string, Method> = {
  'users.info': { token: 'bot', scopes: ['users:read'], run: info },
  'users.list': { token: 'bot', scopes: ['users:read'], run: list },
  'users.lookupByEmail': { token: 'bot', scopes: ['users:read.email'], run: lookupByEmail },
  'bots.info': { token: 'bot', scopes: ['users:read'], run: botInfo },
};
