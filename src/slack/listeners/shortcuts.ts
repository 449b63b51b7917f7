import type { App } from '@slack/bolt';
import { NoPolicy } from '#application/ports/request-forms';
import { SHORTCUTS } from '../action-ids.ts';
import { EMPTY_FORM, type FormValues } from '../forms/form-values.ts';
import { incidentIn } from '../forms/recognise.ts';
import { isFillable } from '../forms/request-modal.ts';
import { within } from '../within.ts';
import { READ_LIMIT_MS, tenantOf, type Asking, type Dependencies } from './dependencies.ts';
import { formRefusal, openRequestForm } from './open-request-form.ts';
import { accountOf, shortcutPress, workspaceOf, type ShortcutPress } from './payloads.ts';
import { tellInDialog } from './tell.ts';

/** The form by a shortcut: from anywhere, or from a message about the incident. */
export function listenToShortcuts(app: App, dependencies: Dependencies): void {
  for (const callback of [SHORTCUTS.anywhere, SHORTCUTS.fromMessage])
    app.shortcut(callback, async ({ body, ack }) => {
      await ack();
      const press = shortcutPress.parse(body);
      const said = await openFrom(dependencies, press);
      // A shortcut used nowhere has no place for an answer but a dialog.
      if (said !== null) await tellInDialog(dependencies, askingOf(press), said);
    });
}

async function openFrom(dependencies: Dependencies, press: ShortcutPress): Promise<string | null> {
  try {
    const tenant = await tenantOf(dependencies, workspaceOf(press));
    if (tenant === null) return dependencies.words.ANSWERS.notSetUp;
    const choices = await within(READ_LIMIT_MS, dependencies.forms.choices(tenant));
    if (!isFillable(choices)) return dependencies.words.ANSWERS.emptyPolicy;
    const asking = askingOf(press);
    const refused = await formRefusal(dependencies, tenant, asking);
    if (refused !== null) return refused;
    const start = { tenant, choices, values: valuesFrom(press), drill: false };
    return await openRequestForm(dependencies, asking, start);
  } catch (err) {
    if (err instanceof NoPolicy) return dependencies.words.ANSWERS.notSetUp;
    dependencies.log.error({ err }, 'a shortcut could not be answered');
    return dependencies.words.ANSWERS.policyUnavailable;
  }
}

const askingOf = (press: ShortcutPress): Asking => ({
  account: accountOf(press),
  team: workspaceOf(press),
  trigger: press.trigger_id,
});

/**
 * Of the message only where it stands and the incident it names. What somebody else wrote is no
 * justification of whoever asks.
 */
function valuesFrom({ channel, message }: ShortcutPress): FormValues {
  const isDirect = channel?.name === 'directmessage';
  return {
    ...EMPTY_FORM,
    channel: channel === undefined || isDirect ? null : channel.id,
    incident: incidentIn(message?.text ?? ''),
  };
}
