import type { App } from '@slack/bolt';
import type { z } from 'zod';
import type { PressAction } from '#application/ports/press';
import type { BypassId } from '#domain/ids';
import { MODALS } from '../action-ids.ts';
import { reasonMetadata } from '../forms/reason-metadata.ts';
import { blockWith, enteredIn } from '../forms/state-values.ts';
import { within } from '../within.ts';
import { STORE_LIMIT_MS, tenantOf, type Dependencies } from './dependencies.ts';
import { accountOf, viewPress, workspaceOf } from './payloads.ts';
import { pressKey } from './press-key.ts';

type Submission = z.infer<typeof viewPress>;
type ActionOf = (bypass: BypassId, reason: string, ttlMs: number) => PressAction;

/** The forms behind Deny, Revoke, Extend and Complete: stored first, closed then. */
export function listenToReasonSubmissions(app: App, dependencies: Dependencies): void {
  const on = (callback_id: string, actionOf: ActionOf) =>
    app.view({ type: 'view_submission', callback_id }, async ({ body, ack }) => {
      const submission = viewPress.parse(body);
      const error = await submit(dependencies, submission, actionOf);
      const block = blockWith(submission.view.state.values, 'reason') ?? 'reason';
      await (error === null
        ? ack()
        : ack({ response_action: 'errors', errors: { [block]: error } }));
    });
  on(MODALS.deny, (bypass, reason) => ({ kind: 'deny', bypass, reason }));
  on(MODALS.revoke, (bypass, reason) => ({ kind: 'revoke', bypass, reason }));
  on(MODALS.complete, (bypass, outcome) => ({ kind: 'complete', bypass, outcome }));
  on(MODALS.question, (bypass, question) => ({ kind: 'ask', bypass, question }));
  on(MODALS.extend, (bypass, justification, ttlMs) => ({
    kind: 'extend',
    bypass,
    ttlMs,
    justification,
  }));
}

/** What to show in the form that stays open; `null` once the press is stored. */
async function submit(
  dependencies: Dependencies,
  submission: Submission,
  actionOf: ActionOf,
): Promise<string | null> {
  const { values } = submission.view.state;
  const reason = enteredIn(values, 'reason')?.trim() ?? '';
  if (reason === '')
    return dependencies.words.mistakeWords({ field: 'justification', code: 'missing' });
  try {
    const tenant = await tenantOf(dependencies, workspaceOf(submission));
    if (tenant === null) return dependencies.words.ANSWERS.notSetUp;
    const { bypass, from } = reasonMetadata.read(submission.view.private_metadata);
    const account = accountOf(submission);
    const key = pressKey(account, submission.view.id);
    const action = actionOf(bypass, reason, Number(enteredIn(values, 'ttl')));
    const press = { tenant, key, account, action, from };
    await within(STORE_LIMIT_MS, dependencies.presses.store(press));
    return null;
  } catch (err) {
    dependencies.log.error({ err }, 'a submitted reason could not be stored');
    return dependencies.words.ANSWERS.formNotStored;
  }
}
