import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { TenantId } from '#domain/ids';
import { ACTIONS } from '../action-ids.ts';
import {
  completeModal,
  denyModal,
  questionModal,
  revokeModal,
  type ReasonModal,
} from '../forms/reason-modals.ts';
import { bypassOf } from './buttons.ts';
import { tenantOf, type Dependencies } from './dependencies.ts';
import { extensionForm } from './extension-form.ts';
import { noticeCopy } from './notice-copy.ts';
import { openView } from './open-view.ts';
import { messagePress, messageRefOf, workspaceOf, type MessagePress } from './payloads.ts';
import { tellPresser } from './tell.ts';

/** The form, or what to say instead. */
type FormOf = (model: ReasonModal, tenant: TenantId) => Promise<ModalView | string>;

/** The buttons that ask for a reason first. Nothing is stored before their form is sent. */
export function listenToReasonButtons(app: App, dependencies: Dependencies): void {
  const on = (action: string, formOf: FormOf) =>
    app.action(action, async ({ body, ack, respond }) => {
      await ack();
      const press = messagePress.parse(body);
      const said = await openReason(dependencies, press, formOf);
      if (said !== null) await tellPresser(dependencies, press, respond, said);
      await noticeCopy(dependencies, press);
    });
  const { words } = dependencies;
  on(ACTIONS.deny, async (model) => denyModal(model, words));
  on(ACTIONS.revoke, async (model) => revokeModal(model, words));
  on(ACTIONS.complete, async (model) => completeModal(model, words));
  on(ACTIONS.question, async (model) => questionModal(model, words));
  on(ACTIONS.extend, (model, tenant) =>
    extensionForm(dependencies, tenant, model, { ttlMs: null, reason: null }),
  );
}

/** What to tell the person if no form could be opened; `null` if it is open. */
async function openReason(
  dependencies: Dependencies,
  press: MessagePress,
  formOf: FormOf,
): Promise<string | null> {
  const { installations, words, log } = dependencies;
  const team = workspaceOf(press);
  try {
    const tenant = await tenantOf(dependencies, team);
    const clients = installations.of(team)?.clients;
    if (tenant === null || !clients) return words.ANSWERS.notSetUp;
    const view = await formOf({ bypass: bypassOf(press), from: messageRefOf(press) }, tenant);
    if (typeof view === 'string') return view;
    const opened = await openView(clients, { trigger_id: press.trigger_id, view }, log);
    return opened.kind === 'not-opened' ? words.ANSWERS.formNotOpened : null;
  } catch (err) {
    log.error({ err }, 'the form of a button could not be opened');
    return words.ANSWERS.formNotOpened;
  }
}
