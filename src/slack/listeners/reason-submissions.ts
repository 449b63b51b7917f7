import type { App } from '@slack/bolt';
import type { z } from 'zod';
import { isBlank } from '#application/forms/is-blank';
import type { PressAction } from '#application/ports/press';
import type { BypassId } from '#domain/ids';
import { MODALS } from '../action-ids.ts';
import { reasonMetadata } from '../forms/reason-metadata.ts';
import { readCompletion, type Mistake } from '../forms/read-completion.ts';
import { blockWith, enteredIn, type StateValues } from '../forms/state-values.ts';
import { within } from '../within.ts';
import { STORE_LIMIT_MS, tenantOf, type Dependencies } from './dependencies.ts';
import { accountOf, viewPress, workspaceOf } from './payloads.ts';
import { pressKey } from './press-key.ts';

type Submission = z.infer<typeof viewPress>;
type ActionOf = (bypass: BypassId, reason: string, values: StateValues) => PressAction | Mistake;

/** The forms behind Deny, Revoke, Extend and Complete: stored first, closed then. */
export function listenToReasonSubmissions(app: App, dependencies: Dependencies): void {
  const on = (callback_id: string, actionOf: ActionOf) =>
    app.view({ type: 'view_submission', callback_id }, async ({ body, ack }) => {
      const submission = viewPress.parse(body);
      const mistake = await submit(dependencies, submission, actionOf);
      if (mistake === null) return ack();
      const { field, said } = mistake;
      const block = blockWith(submission.view.state.values, field) ?? field;
      return ack({ response_action: 'errors', errors: { [block]: said } });
    });
  on(MODALS.deny, (bypass, reason) => ({ kind: 'deny', bypass, reason }));
  on(MODALS.revoke, (bypass, reason) => ({ kind: 'revoke', bypass, reason }));
  on(MODALS.complete, (bypass, outcome, values) => {
    const completion = readCompletion(values, dependencies.words);
    return 'field' in completion
      ? completion
      : { kind: 'complete', bypass, outcome, ...completion };
  });
  on(MODALS.question, (bypass, question) => ({ kind: 'ask', bypass, question }));
  on(MODALS.extend, (bypass, justification, values) => {
    const ttlMs = Number(enteredIn(values, 'ttl'));
    // What is offered is judged with the press.
    return Number.isSafeInteger(ttlMs) && ttlMs > 0
      ? { kind: 'extend', bypass, ttlMs, justification }
      : { field: 'ttl', said: dependencies.words.mistakeWords({ field: 'ttl', code: 'missing' }) };
  });
}

/** What to show in the form that stays open; `null` once the press is stored. */
async function submit(
  dependencies: Dependencies,
  submission: Submission,
  actionOf: ActionOf,
): Promise<Mistake | null> {
  const { values } = submission.view.state;
  const about = (said: string): Mistake => ({ field: 'reason', said });
  const reason = enteredIn(values, 'reason')?.trim() ?? '';
  if (isBlank(reason))
    return about(dependencies.words.mistakeWords({ field: 'justification', code: 'missing' }));
  try {
    const tenant = await tenantOf(dependencies, workspaceOf(submission));
    if (tenant === null) return about(dependencies.words.ANSWERS.notSetUp);
    const { bypass, from } = reasonMetadata.read(submission.view.private_metadata);
    const account = accountOf(submission);
    const key = pressKey(account, submission.view.id);
    const action = actionOf(bypass, reason, values);
    if ('field' in action) return action;
    const press = { tenant, key, account, action, from };
    await within(STORE_LIMIT_MS, dependencies.presses.store(press));
    return null;
  } catch (err) {
    dependencies.log.error({ err }, 'a submitted reason could not be stored');
    return about(dependencies.words.ANSWERS.formNotStored);
  }
}
