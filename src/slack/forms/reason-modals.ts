import type { InputBlock, ModalView } from '@slack/types';
import type { MessageRef } from '#application/ports/press';
import { MAX_QUESTION } from '#application/ports/questions';
import { VERDICTS } from '#domain/bypass/verdict';
import type { BypassId } from '#domain/ids';
import { MODALS } from '../action-ids.ts';
import { option } from '../block-kit/blocks.ts';
import { assertView } from '../block-kit/check.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { plain } from '../block-kit/text.ts';
import { offered, ttlOption } from '../cards/ttl-choice.ts';
import { optionChoice, textInput } from './inputs.ts';
import { reasonMetadata } from './reason-metadata.ts';
import { en, type Words } from '../words/words.ts';

export interface ReasonModal {
  readonly bypass: BypassId;
  readonly from: MessageRef | null;
}

const MAX = 1_500;

export const denyModal = (model: ReasonModal, words: Words = en): ModalView =>
  reasonModal(
    MODALS.deny,
    model,
    { title: words.REASONS.denyTitle, submit: words.REASONS.denySubmit },
    [why({ label: words.REASONS.denyLabel, hint: words.REASONS.denyHint })],
    words,
  );

export const revokeModal = (model: ReasonModal, words: Words = en): ModalView =>
  reasonModal(
    MODALS.revoke,
    model,
    { title: words.REASONS.revokeTitle, submit: words.REASONS.revokeSubmit },
    [why({ label: words.REASONS.revokeLabel, hint: words.REASONS.revokeHint })],
    words,
  );

export const completeModal = (model: ReasonModal, words: Words = en): ModalView =>
  reasonModal(
    MODALS.complete,
    model,
    { title: words.REASONS.completeTitle, submit: words.REASONS.completeSubmit },
    [
      optionChoice(
        { action: 'verdict', label: words.REASONS.verdictLabel, hint: words.REASONS.verdictHint },
        VERDICTS.map((one) => option(words.VERDICT_CHOICES[one], one)),
        undefined,
        words,
      ),
      why({ label: words.REASONS.completeLabel, hint: words.REASONS.completeHint }),
      textInput(
        {
          action: 'follow_ups',
          label: words.REASONS.followUpsLabel,
          hint: words.REASONS.followUpsHint,
          optional: true,
          multiline: true,
          max: LIMITS.plainTextInput,
        },
        null,
      ),
    ],
    words,
  );

export const questionModal = (model: ReasonModal, words: Words = en): ModalView =>
  reasonModal(
    MODALS.question,
    model,
    { title: words.REASONS.questionTitle, submit: words.REASONS.questionSubmit },
    [
      why(
        { label: words.REASONS.questionLabel, hint: words.REASONS.questionHint },
        null,
        MAX_QUESTION,
      ),
    ],
    words,
  );

/**
 * @param ttlsMs what may be asked for; at least one.
 * @param suggestedMs what stands chosen: as long as the bypass was asked for.
 */
export function extendModal(
  model: ReasonModal,
  ttlsMs: readonly number[],
  suggestedMs: number | null = null,
  reason: string | null = null,
  words: Words = en,
): ModalView {
  const options = offered(ttlsMs).map((one) => ttlOption(one, words));
  const suggested = options.find(({ value }) => value === String(suggestedMs));
  return reasonModal(
    MODALS.extend,
    model,
    { title: words.REASONS.extendTitle, submit: words.REASONS.extendSubmit },
    [
      optionChoice(
        { action: 'ttl', label: words.FORM.ttl },
        options,
        suggested ?? options[0],
        words,
      ),
      why({ label: words.REASONS.extendLabel, hint: words.REASONS.extendHint }, reason),
    ],
    words,
  );
}

const why = (
  labels: { readonly label: string; readonly hint: string },
  reason: string | null = null,
  max: number = MAX,
): InputBlock => textInput({ action: 'reason', multiline: true, max, ...labels }, reason);

function reasonModal(
  callback: string,
  model: ReasonModal,
  labels: { readonly title: string; readonly submit: string },
  blocks: InputBlock[],
  words: Words,
): ModalView {
  return assertView({
    type: 'modal',
    callback_id: callback,
    title: plain(labels.title, LIMITS.viewTitle),
    submit: plain(labels.submit, LIMITS.viewTitle),
    close: plain(words.FORM.cancel, LIMITS.viewTitle),
    private_metadata: reasonMetadata.write(model),
    blocks,
  });
}
