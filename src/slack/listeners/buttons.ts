import type { App, RespondFn } from '@slack/bolt';
import type { PressAction } from '#application/ports/press';
import { bypassId, type BypassId, type TenantId } from '#domain/ids';
import { ACTIONS } from '../action-ids.ts';
import { defaultTtlMs } from '../cards/ttl-choice.ts';
import { enteredIn } from '../forms/state-values.ts';
import { within } from '../within.ts';
import { READ_LIMIT_MS, STORE_LIMIT_MS, tenantOf, type Dependencies } from './dependencies.ts';
import { noticeCopy } from './notice-copy.ts';
import {
  accountOf,
  messagePress,
  messageRefOf,
  workspaceOf,
  type MessagePress,
} from './payloads.ts';
import { PressNotStored } from './press-not-stored.ts';
import { pressKey } from './press-key.ts';
import { tellPresser } from './tell.ts';

type ActionOf = (
  bypass: BypassId,
  press: MessagePress,
  tenant: TenantId,
) => Promise<PressAction | null>;

/** The buttons that act at once: stored first, acknowledged then. */
export function listenToButtons(app: App, dependencies: Dependencies): void {
  const on = (action: string, actionOf: ActionOf) =>
    app.action(action, async ({ body, ack, respond }) => {
      const press = messagePress.parse(body);
      const said = await take(dependencies, press, actionOf, respond);
      await ack();
      if (said !== null) await tellPresser(dependencies, press, respond, said);
      await noticeCopy(dependencies, press);
    });
  on(ACTIONS.approve, (bypass, press, tenant) => approval(dependencies, bypass, press, tenant));
  on(ACTIONS.withdraw, async (bypass) => ({ kind: 'withdraw', bypass }));
  on(ACTIONS.close, async (bypass) => ({ kind: 'close', bypass }));
  on(ACTIONS.claim, async (bypass) => ({ kind: 'claim', bypass, on: true }));
  on(ACTIONS.unclaim, async (bypass) => ({ kind: 'claim', bypass, on: false }));
  // A choice of duration is read when Approve is pressed.
  app.action(ACTIONS.ttl, async ({ ack }) => ack());
  // The browser is on its way already.
  app.action(ACTIONS.signIn, async ({ ack }) => ack());
}

/**
 * Stores the press. Gives what to tell the person where there was nothing to store.
 * @throws PressNotStored: then nothing may be acknowledged, so that Slack shows the failure.
 */
async function take(
  dependencies: Dependencies,
  press: MessagePress,
  actionOf: ActionOf,
  respond: RespondFn,
): Promise<string | null> {
  try {
    const tenant = await tenantOf(dependencies, workspaceOf(press));
    if (tenant === null) return dependencies.words.ANSWERS.notSetUp;
    const action = await actionOf(bypassOf(press), press, tenant);
    if (action === null) return dependencies.words.ANSWERS.ttlMissing;
    const account = accountOf(press);
    const key = pressKey(account, press.trigger_id);
    const stored = { tenant, key, account, action, from: messageRefOf(press) };
    await within(STORE_LIMIT_MS, dependencies.presses.store(stored));
    return null;
  } catch (cause) {
    await tellPresser(dependencies, press, respond, dependencies.words.ANSWERS.pressNotStored);
    throw new PressNotStored({ cause });
  }
}

/** The value of a button is input: it is resolved and authorised when the press is handled. */
export const bypassOf = ({ actions: [action] }: MessagePress): BypassId =>
  bypassId(action.value ?? '');

async function approval(
  { forms }: Dependencies,
  bypass: BypassId,
  { state }: MessagePress,
  tenant: TenantId,
): Promise<PressAction | null> {
  const chosen = Number(enteredIn(state?.values ?? {}, ACTIONS.ttl) ?? Number.NaN);
  if (Number.isSafeInteger(chosen) && chosen > 0) return { kind: 'approve', bypass, ttlMs: chosen };
  const card = await within(READ_LIMIT_MS, forms.card(tenant, bypass));
  const ttlMs = card && defaultTtlMs(card);
  return ttlMs === null ? null : { kind: 'approve', bypass, ttlMs };
}
