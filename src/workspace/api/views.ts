import { validateView, viewIsTooLarge } from '../block-kit/validate-view.ts';
import { isJsonObject, textOf, type JsonObject } from '../json.ts';
import { VIEW_STACK_DEPTH, type ViewOwner } from '../store/views.ts';
import type { Trigger } from '../triggers.ts';
import { jsonArg, textArg } from './arguments.ts';
import { isRefusal } from './message-content.ts';
import { missingArguments, ok, refuse, refuseWith } from './method.ts';
import type { Answer, ApiCall, Method } from './method.ts';

function open(call: ApiCall): Answer {
  const missing = missingArguments(call.args, 'trigger_id');
  if (missing) return missing;
  const view = readView(call, 'modal');
  if (isRefusal(view)) return view;
  const trigger = exchange(call);
  if (isRefusal(trigger)) return trigger;
  return ok({ view: shown(call.state.views.open(owner(call, trigger.userId), view.view)) });
}

function push(call: ApiCall): Answer {
  const missing = missingArguments(call.args, 'trigger_id');
  if (missing) return missing;
  const view = readView(call, 'modal');
  if (isRefusal(view)) return view;
  const trigger = exchange(call);
  if (isRefusal(trigger)) return trigger;
  const stack = call.state.views.stack(trigger.userId);
  if (trigger.viewId === undefined || stack.length === 0) return refuse('invalid_trigger_id');
  if (stack.length >= VIEW_STACK_DEPTH) return refuse('push_limit_reached');
  return ok({ view: shown(call.state.views.push(owner(call, trigger.userId), view.view)) });
}

function update(call: ApiCall): Answer {
  const { args, state } = call;
  const id = textArg(args, 'view_id');
  const externalId = textArg(args, 'external_id');
  if (id === undefined && externalId === undefined) return refuse('invalid_arguments');
  const found = state.views.find({ ...(id && { id }), ...(externalId && { externalId }) });
  if (!found || found.view.app_installed_team_id !== call.installation.teamId) {
    return refuse('not_found');
  }
  const view = readView(call, found.view.type, found.view.id);
  if (isRefusal(view)) return view;
  if (hashConflicts(call, found.view.hash)) return refuse('hash_conflict');
  return ok({ view: shown(state.views.update(found.userId, found.view, view.view)) });
}

function publish(call: ApiCall): Answer {
  const missing = missingArguments(call.args, 'user_id');
  if (missing) return missing;
  const userId = String(textArg(call.args, 'user_id'));
  if (!call.state.directory.users.has(userId)) return refuse('invalid_arguments');
  const current = call.state.views.home(userId);
  const view = readView(call, 'home', current?.id);
  if (isRefusal(view)) return view;
  if (hashConflicts(call, current?.hash)) return refuse('hash_conflict');
  return ok({ view: shown(call.state.views.publish(owner(call, userId), view.view)) });
}

function hashConflicts({ args }: ApiCall, current: string | undefined): boolean {
  const hash = textArg(args, 'hash');
  return hash !== undefined && hash !== '' && hash !== current;
}

function readView(
  call: ApiCall,
  type: 'modal' | 'home',
  replacesId?: string,
): { view: JsonObject } | Answer {
  const missing = missingArguments(call.args, 'view');
  if (missing) return missing;
  const { value } = jsonArg(call.args, 'view');
  const problems = validateView(value, type);
  if (problems.length > 0 || !isJsonObject(value)) return refuseWith('invalid_arguments', problems);
  if (viewIsTooLarge(value)) return refuse('view_too_large');
  const externalId = textOf(value['external_id']);
  const other = externalId === '' ? undefined : call.state.views.find({ externalId });
  if (other && other.view.id !== replacesId) return refuse('duplicate_external_id');
  return { view: value };
}

function exchange(call: ApiCall): Trigger | Answer {
  const trigger = call.state.triggers.exchange(String(textArg(call.args, 'trigger_id')));
  if (typeof trigger === 'string') return refuse(trigger);
  // A trigger of another workspace is no trigger of this one.
  return trigger.teamId === call.installation.teamId ? trigger : refuse('invalid_trigger_id');
}

function owner({ installation, state }: ApiCall, userId: string): ViewOwner {
  const { teamId, botId } = installation;
  return { userId, teamId, botId, appId: state.directory.app.id };
}

function shown(view: object): JsonObject {
  return structuredClone(view) as JsonObject;
}

export const viewMethods: Record<string, Method> = {
  'views.open': { token: 'bot', run: open },
  'views.push': { token: 'bot', run: push },
  'views.update': { token: 'bot', run: update },
  'views.publish': { token: 'bot', run: publish },
};
