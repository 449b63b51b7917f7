import type { App } from '@slack/bolt';
import type { RequestForm } from '#application/ports/press';
import type { FormMistake } from '#application/ports/request-forms';
import type { TenantId } from '#domain/ids';
import { MODALS } from '../action-ids.ts';
import { drillOf } from '../forms/drill-metadata.ts';
import { blockOf, readFormValues, readRequestForm } from '../forms/read-request-form.ts';
import type { StateValues } from '../forms/state-values.ts';
import { TooSlow } from '../slack-error.ts';
import { within } from '../within.ts';
import {
  CHECK_LIMIT_MS,
  READ_LIMIT_MS,
  STORE_LIMIT_MS,
  tenantOf,
  type Dependencies,
} from './dependencies.ts';
import { accountOf, viewPress, workspaceOf } from './payloads.ts';
import { pressKey } from './press-key.ts';
import type { z } from 'zod';

type Submission = z.infer<typeof viewPress>;
/** Block id → what to say under it. */
type Errors = Record<string, string>;

/** The form is sent: checked, stored, and only then closed. */
export function listenToFormSubmission(app: App, dependencies: Dependencies): void {
  app.view({ type: 'view_submission', callback_id: MODALS.request }, async ({ body, ack }) => {
    const errors = await submit(dependencies, viewPress.parse(body));
    await (errors === null ? ack() : ack({ response_action: 'errors', errors }));
  });
}

/** What to show in the form that stays open; `null` once the press is stored. */
async function submit(dependencies: Dependencies, submission: Submission): Promise<Errors | null> {
  const { values } = submission.view.state;
  const inForm = (text: string): Errors => ({ [blockOf('justification', values)]: text });
  try {
    const tenant = await tenantOf(dependencies, workspaceOf(submission));
    if (tenant === null) return inForm(dependencies.words.ANSWERS.notSetUp);
    const read = await checked(dependencies, tenant, submission);
    if ('mistakes' in read) return errorsOf(dependencies, read.mistakes, values);
    await storeRequest(dependencies, tenant, submission, read.form);
    return null;
  } catch (err) {
    dependencies.log.error({ err }, 'a submitted form could not be stored');
    return inForm(dependencies.words.ANSWERS.formNotStored);
  }
}

async function checked(
  dependencies: Dependencies,
  tenant: TenantId,
  submission: Submission,
): Promise<{ form: RequestForm } | { mistakes: readonly FormMistake[] }> {
  const choices = await within(READ_LIMIT_MS, dependencies.forms.choices(tenant));
  const { state, private_metadata } = submission.view;
  const read = readRequestForm(readFormValues(state.values, choices), drillOf(private_metadata));
  if ('mistakes' in read) return read;
  const shape = await within(READ_LIMIT_MS, dependencies.forms.checkShape(tenant, read.form));
  if (shape.length > 0) return { mistakes: shape };
  const mistakes = await mistakesIn(dependencies, tenant, submission, read.form);
  // The channel alone is judged nowhere else: without its check the policy's is taken.
  if (mistakes === null) return { form: { ...read.form, channel: null } };
  return mistakes.length > 0 ? { mistakes } : read;
}

/** A check that takes too long (`null`) keeps nobody from asking: the press is judged when it is handled. */
async function mistakesIn(
  { forms, log }: Dependencies,
  tenant: TenantId,
  submission: Submission,
  form: RequestForm,
): Promise<readonly FormMistake[] | null> {
  try {
    return await within(CHECK_LIMIT_MS, forms.check(tenant, accountOf(submission), form));
  } catch (err) {
    if (!(err instanceof TooSlow)) throw err;
    log.warn({ err }, 'a form was stored without its check');
    return null;
  }
}

async function storeRequest(
  { presses }: Dependencies,
  tenant: TenantId,
  submission: Submission,
  form: RequestForm,
): Promise<void> {
  const account = accountOf(submission);
  await within(
    STORE_LIMIT_MS,
    presses.store({
      tenant,
      account,
      key: pressKey(account, submission.view.id),
      action: { kind: 'open', form },
      from: null,
    }),
  );
}

/** One text a field: Slack shows one. */
function errorsOf(
  { words }: Dependencies,
  mistakes: readonly FormMistake[],
  values: StateValues,
): Errors {
  const errors: Errors = {};
  for (const mistake of mistakes) {
    const block = blockOf(mistake.field, values);
    errors[block] = [errors[block], words.mistakeWords(mistake)].filter(Boolean).join(' ');
  }
  return errors;
}
