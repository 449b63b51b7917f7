import type { FormChoices } from '#application/ports/request-forms';
import type { TenantId } from '#domain/ids';
import type { Standing } from '#domain/policy/look-up';
import type { FormValues } from '../forms/form-values.ts';
import { requestModal } from '../forms/request-modal.ts';
import { within } from '../within.ts';
import { STANDING_LIMIT_MS, type Asking, type Dependencies } from './dependencies.ts';
import { openView } from './open-view.ts';
import { showPreview } from './preview.ts';

export interface RequestStart {
  readonly tenant: TenantId;
  readonly choices: FormChoices;
  readonly values: FormValues;
  readonly drill: boolean;
}

/** Why this person gets no form; `null` if they do, or if it could not be found out in time. */
export async function formRefusal(
  { forms, words, log }: Dependencies,
  tenant: TenantId,
  { account }: Asking,
): Promise<string | null> {
  try {
    const standing: Standing = await within(STANDING_LIMIT_MS, forms.standing(tenant, account));
    return standing === 'member' ? null : words.standingWords(standing);
  } catch (err) {
    // The request is judged when it is handled: nothing hangs on this but a form filled in vain.
    log.warn({ err }, 'a form is opened for somebody whose standing is not known');
    return null;
  }
}

/** Opens the form and shows in it what the policy would ask. Gives what to say where it did not open. */
export async function openRequestForm(
  dependencies: Dependencies,
  { account, team, trigger }: Asking,
  { tenant, choices, values, drill }: RequestStart,
): Promise<string | null> {
  const { installations, words, log } = dependencies;
  const clients = installations.of(team)?.clients;
  if (!clients) return words.ANSWERS.formNotOpened;
  const view = requestModal({ choices, values, preview: { kind: 'incomplete' }, drill }, words);
  const opened = await openView(clients, { trigger_id: trigger, view }, log);
  if (opened.kind === 'not-opened') return words.ANSWERS.formNotOpened;
  if (opened.kind === 'open-already') return null;
  if (values.service === null && values.environment === null) return null;
  const shown = { team, tenant, account, choices, values, drill, view: opened.view };
  await showPreview(dependencies, shown);
  return null;
}
