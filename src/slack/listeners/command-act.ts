import type { Found } from '#application/ports/mine';
import type { BypassId, TenantId } from '#domain/ids';
import type { RenderedMessage } from '../block-kit/check.ts';
import { bypassChoice } from '../cards/bypass-choice.ts';
import { incidentCard } from '../cards/status-card.ts';
import type { ParsedCommand } from '../forms/parse-command.ts';
import { within } from '../within.ts';
import {
  LIST_LIMIT_MS,
  READ_LIMIT_MS,
  STORE_LIMIT_MS,
  type Asking,
  type Dependencies,
} from './dependencies.ts';
import { extensionForm } from './extension-form.ts';
import { openView } from './open-view.ts';
import { pressKey } from './press-key.ts';

export type Act = Exclude<ParsedCommand, { readonly sub: 'help' | 'list' | 'policy' | 'open' }>;
type Said = string | RenderedMessage;

/**
 * An act that was typed. Where it is certain which bypass is meant, it is done: to show is harmless,
 * to close or withdraw leads to the safe state, and to extend asks by a form. Else there are buttons.
 */
export async function actOnCommand(
  dependencies: Dependencies,
  asking: Asking,
  tenant: TenantId,
  act: Act,
): Promise<Said | (() => Promise<string | null>)> {
  const found = await within(
    LIST_LIMIT_MS,
    dependencies.mine.find(tenant, asking.account, act.meant),
  );
  const bypass = onlyOne(act, found);
  if (bypass === null) return otherwise(dependencies, act, found);
  switch (act.sub) {
    case 'status':
      return show(dependencies, tenant, bypass);
    case 'extend':
      return () => openExtension(dependencies, asking, { tenant, bypass, act });
    case 'close':
    case 'withdraw':
      return store(dependencies, asking, tenant, act.sub, bypass);
  }
}

/** Words nobody understood may have been meant for something else: then nothing is done at once. */
function onlyOne({ sub, rest }: Act, found: Found): BypassId | null {
  const isSure = rest === null || sub === 'extend';
  return found.kind === 'one' && isSure ? found.bypass : null;
}

function otherwise({ words }: Dependencies, act: Act, found: Found): Said {
  switch (found.kind) {
    case 'outsider':
      return words.standingWords(found.standing);
    case 'several':
      return bypassChoice(act.sub, found.lines, found.now, words);
    case 'one':
    case 'none':
      return words.noneWords(act.sub, act.meant, act.rest);
  }
}

async function show(
  { forms, words }: Dependencies,
  tenant: TenantId,
  bypass: BypassId,
): Promise<Said> {
  const card = await within(READ_LIMIT_MS, forms.card(tenant, bypass));
  return card === null ? words.ANSWERS.unknownBypass : incidentCard(card, words);
}

/** Judged when it is handled, like any press; its outcome comes as a message. */
async function store(
  { presses, words, log }: Dependencies,
  { account, trigger }: Asking,
  tenant: TenantId,
  kind: 'close' | 'withdraw',
  bypass: BypassId,
): Promise<Said> {
  const key = pressKey(account, trigger);
  const press = { tenant, key, account, action: { kind, bypass }, from: null };
  try {
    await within(STORE_LIMIT_MS, presses.store(press));
    return words.takenWords(kind);
  } catch (err) {
    log.error({ err }, 'a typed act could not be stored');
    return words.ANSWERS.actNotStored;
  }
}

async function openExtension(
  dependencies: Dependencies,
  { team, trigger }: Asking,
  { tenant, bypass, act }: { tenant: TenantId; bypass: BypassId; act: Act },
): Promise<string | null> {
  const { installations, words, log } = dependencies;
  const typed = { ttlMs: act.ttlMs, reason: act.rest };
  const view = await extensionForm(dependencies, tenant, { bypass, from: null }, typed);
  if (typeof view === 'string') return view;
  const clients = installations.of(team)?.clients;
  if (!clients) return words.ANSWERS.formNotOpened;
  const opened = await openView(clients, { trigger_id: trigger, view }, log);
  return opened.kind === 'not-opened' ? words.ANSWERS.formNotOpened : null;
}
