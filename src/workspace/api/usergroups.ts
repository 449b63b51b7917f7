import { flagArg, textArg } from './arguments.ts';
import { missingArguments, ok, refuse, type Answer, type ApiCall, type Method } from './method.ts';

function list(call: ApiCall): Answer {
  const { args, installation, state } = call;
  const withUsers = flagArg(args, 'include_users');
  const withDisabled = flagArg(args, 'include_disabled');
  const usergroups = [...state.directory.groups.values()]
    .filter((group) => group.teamId === installation.teamId)
    .filter((group) => withDisabled || !group.disabled)
    .map((group) => ({
      id: group.id,
      team_id: group.teamId,
      is_usergroup: true,
      is_external: false,
      name: group.name,
      handle: group.handle,
      date_delete: group.disabled ? 1 : 0,
      user_count: group.members.length,
      ...(withUsers && { users: [...group.members] }),
    }));
  return ok({ usergroups });
}

function members(call: ApiCall): Answer {
  const missing = missingArguments(call.args, 'usergroup');
  if (missing) return missing;
  const group = call.state.directory.groups.get(String(textArg(call.args, 'usergroup')));
  if (!group || group.teamId !== call.installation.teamId) return refuse('no_such_subteam');
  if (group.disabled && !flagArg(call.args, 'include_disabled')) {
    return refuse('no_such_subteam');
  }
  return ok({ users: [...group.members] });
}

export const usergroupMethods: Record<string, Method> = {
  'usergroups.list': { token: 'bot', scopes: ['usergroups:read'], run: list },
  'usergroups.users.list': { token: 'bot', scopes: ['usergroups:read'], run: members },
};
