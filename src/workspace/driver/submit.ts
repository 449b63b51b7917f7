import { clientObjection } from '../block-kit/entered-value.ts';
import { validateView, viewIsTooLarge } from '../block-kit/validate-view.ts';
import { allElements } from '../block-kit/walk.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { VIEW_STACK_DEPTH } from '../store/views.ts';
import type { StoredView } from '../store/view.ts';
import type { DriverContext } from './context.ts';
import { submissionPayload } from './payloads.ts';
import type { Failure, SubmitResult } from './results.ts';

const TROUBLE = 'We had some trouble connecting. Try again?';

/** Submits the view on top: Slack's own checks first, then the app's answer. */
export async function submitView(context: DriverContext, view: StoredView): Promise<SubmitResult> {
  const objections = clientObjections(view);
  if (Object.keys(objections).length > 0) return { errors: objections };
  const outcome = await context.dispatcher.deliver('interactive', submissionPayload(context, view));
  if (!outcome.acked) return { failed: { ok: false, error: outcome.reason, shown: TROUBLE } };
  if (outcome.body === undefined) return closeTop(context, view);
  if (!isJsonObject(outcome.body)) return broken('the answer is not a JSON object');
  return follow(context, view, outcome.body);
}

function follow(context: DriverContext, view: StoredView, body: JsonObject): SubmitResult {
  switch (body['response_action']) {
    case undefined:
      return closeTop(context, view);
    case 'clear':
      context.state.views.close(context.user.id, { all: true });
      return { closed: true };
    case 'errors':
      return errorsOf(view, body['errors']);
    case 'update':
    case 'push':
      return showView(context, view, body);
    default:
      return broken(`unknown response_action ${String(body['response_action'])}`);
  }
}

function showView(context: DriverContext, current: StoredView, body: JsonObject): SubmitResult {
  const { views } = context.state;
  const view = body['view'];
  const problems = validateView(view, 'modal');
  if (problems.length > 0 || !isJsonObject(view)) {
    return broken(...problems.map(({ message, pointer }) => `${message} [${pointer}]`));
  }
  if (viewIsTooLarge(view)) return broken('view_too_large');
  if (body['response_action'] === 'update') {
    return { view: structuredClone(views.update(context.user.id, current, view)) };
  }
  if (views.stack(context.user.id).length >= VIEW_STACK_DEPTH) return broken('push_limit_reached');
  const owner = {
    userId: context.user.id,
    teamId: current.team_id,
    appId: current.app_id,
    botId: current.bot_id,
  };
  return { view: structuredClone(views.push(owner, view)) };
}

/** Slack shows an error only under an input block that the view has. */
function errorsOf(view: StoredView, errors: unknown): SubmitResult {
  const inputs = view.blocks.filter((b) => b['type'] === 'input').map((b) => String(b['block_id']));
  if (!isJsonObject(errors) || Object.keys(errors).length === 0) return broken('errors is empty');
  const unknown = Object.keys(errors).filter((blockId) => !inputs.includes(blockId));
  if (unknown.length > 0) return broken(`no input block: ${unknown.join(', ')}`);
  return {
    errors: Object.fromEntries(Object.entries(errors).map(([id, text]) => [id, String(text)])),
  };
}

function closeTop(context: DriverContext, view: StoredView): SubmitResult {
  const { views } = context.state;
  const below =
    views.top(context.user.id)?.id === view.id
      ? views.close(context.user.id)
      : views.top(context.user.id);
  return below ? { view: structuredClone(below) } : { closed: true };
}

function clientObjections(view: StoredView): Record<string, string> {
  const objections: Record<string, string> = {};
  for (const { block, element } of allElements(view.blocks)) {
    if (block['type'] !== 'input') continue;
    const blockId = String(block['block_id']);
    const value = view.state.values[blockId]?.[String(element['action_id'])];
    const objection = clientObjection(block, element, value);
    if (objection !== undefined) objections[blockId] = objection;
  }
  return objections;
}

function broken(...details: string[]): SubmitResult {
  const failed: Failure = { ok: false, error: 'invalid_response', shown: TROUBLE, details };
  return { failed };
}
