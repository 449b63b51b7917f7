import { pressKey } from '#slack/listeners/press-key';
import type { JsonObject } from '#workspace/json';
import type { Workspace } from '#workspace/workspace';

/** Presses of these buttons are stored; others open a form. */
const STORED_BUTTONS: ReadonlySet<unknown> = new Set([
  'bypass_approve',
  'bypass_withdraw',
  'bypass_close',
]);
const STORED_FORMS: ReadonlySet<unknown> = new Set([
  'bypass_request',
  'bypass_deny',
  'bypass_revoke',
  'bypass_extend',
  'post_mortem_complete',
]);

interface Interaction {
  readonly type: string;
  readonly user: { readonly id: string; readonly team_id: string };
  readonly trigger_id?: string;
  readonly actions?: readonly { readonly action_id: string }[];
  readonly view?: { readonly id: string; readonly callback_id: string };
}

/** The keys of the presses that the service acknowledged as taken, as Slack saw it. */
export function acknowledgedKeys(workspace: Workspace): ReadonlySet<string> {
  const keys = workspace
    .deliveries()
    .filter(({ envelope, outcome }) => envelope.kind === 'interactive' && isTaken(outcome))
    .map(({ envelope }) => keyOf(envelope.payload));
  return new Set(keys.filter((key) => key !== null));
}

/** An answer with errors or another view says that the form was not taken. */
const isTaken = (outcome: { acked: boolean; body?: unknown }): boolean =>
  outcome.acked && (outcome.body === undefined || outcome.body === '');

function keyOf(payload: JsonObject): string | null {
  const { type, user, trigger_id, actions, view } = payload as unknown as Interaction;
  const account = { team: user.team_id, user: user.id };
  if (type === 'view_submission' && view !== undefined)
    return STORED_FORMS.has(view.callback_id) ? pressKey(account, view.id) : null;
  const isStored = actions?.some((one) => STORED_BUTTONS.has(one.action_id)) === true;
  return isStored && trigger_id !== undefined ? pressKey(account, trigger_id) : null;
}
