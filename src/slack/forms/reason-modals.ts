import type { InputBlock, ModalView } from '@slack/types';
import type { MessageRef } from '#application/ports/press';
import type { BypassId } from '#domain/ids';
import { MODALS } from '../action-ids.ts';
import { assertView } from '../block-kit/check.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { plain } from '../block-kit/text.ts';
import { offered, ttlOption } from '../cards/ttl-choice.ts';
import { FORM, REASONS } from '../words/modal.ts';
import { optionChoice, textInput } from './inputs.ts';
import { reasonMetadata } from './reason-metadata.ts';

export interface ReasonModal {
  readonly bypass: BypassId;
  readonly from: MessageRef | null;
}

const MAX = 1_500;

export const denyModal = (model: ReasonModal): ModalView =>
  reasonModal(MODALS.deny, model, { title: REASONS.denyTitle, submit: REASONS.denySubmit }, [
    why({ label: REASONS.denyLabel, hint: REASONS.denyHint }),
  ]);

export const revokeModal = (model: ReasonModal): ModalView =>
  reasonModal(MODALS.revoke, model, { title: REASONS.revokeTitle, submit: REASONS.revokeSubmit }, [
    why({ label: REASONS.revokeLabel, hint: REASONS.revokeHint }),
  ]);

export const completeModal = (model: ReasonModal): ModalView =>
  reasonModal(
    MODALS.complete,
    model,
    { title: REASONS.completeTitle, submit: REASONS.completeSubmit },
    [why({ label: REASONS.completeLabel, hint: REASONS.completeHint })],
  );

/**
 * @param ttlsMs what may be asked for; at least one.
 * @param suggestedMs what stands chosen: as long as the bypass was asked for.
 */
export function extendModal(
  model: ReasonModal,
  ttlsMs: readonly number[],
  suggestedMs: number | null = null,
): ModalView {
  const options = offered(ttlsMs).map(ttlOption);
  const suggested = options.find(({ value }) => value === String(suggestedMs));
  return reasonModal(
    MODALS.extend,
    model,
    { title: REASONS.extendTitle, submit: REASONS.extendSubmit },
    [
      optionChoice({ action: 'ttl', label: FORM.ttl }, options, suggested ?? options[0]),
      why({ label: REASONS.extendLabel, hint: REASONS.extendHint }),
    ],
  );
}

const why = (words: { readonly label: string; readonly hint: string }): InputBlock =>
  textInput({ action: 'reason', multiline: true, max: MAX, ...words }, null);

function reasonModal(
  callback: string,
  model: ReasonModal,
  words: { readonly title: string; readonly submit: string },
  blocks: InputBlock[],
): ModalView {
  return assertView({
    type: 'modal',
    callback_id: callback,
    title: plain(words.title, LIMITS.viewTitle),
    submit: plain(words.submit, LIMITS.viewTitle),
    close: plain(FORM.cancel, LIMITS.viewTitle),
    private_metadata: reasonMetadata.write(model),
    blocks,
  });
}
