import type { ModalView } from '@slack/types';
import type { TenantId } from '#domain/ids';
import { isRefusal } from '#domain/refusal';
import { defaultTtlMs } from '../cards/ttl-choice.ts';
import { extendModal, type ReasonModal } from '../forms/reason-modals.ts';
import { within } from '../within.ts';
import { READ_LIMIT_MS, type Dependencies } from './dependencies.ts';

/**
 * The form that asks for an extension, or what to say where none can be asked for.
 *
 * @param typed what the command said already. @throws what the port throws, TooSlow.
 */
export async function extensionForm(
  { forms, words }: Dependencies,
  tenant: TenantId,
  model: ReasonModal,
  typed: { readonly ttlMs: number | null; readonly reason: string | null },
): Promise<ModalView | string> {
  const found = await within(READ_LIMIT_MS, forms.extension(tenant, model.bypass));
  if (found === null) return words.ANSWERS.unknownBypass;
  const { card, offersMs } = found;
  if (isRefusal(offersMs))
    return words.noteWords({ kind: 'refusal', refusal: offersMs, card, tried: 'extend' });
  if (offersMs.length === 0) return words.ANSWERS.emptyPolicy;
  const ttlAskedMs = typed.ttlMs ?? card.ttlAskedMs;
  const suggestedMs = defaultTtlMs({ grantableMs: offersMs, ttlAskedMs });
  return extendModal(model, offersMs, suggestedMs, typed.reason, words);
}
