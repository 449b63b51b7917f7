import type { InputBlock, PlainTextOption } from '@slack/types';
import { option } from '../block-kit/blocks.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { cut, plain } from '../block-kit/text.ts';
import { optionsKey, optionValue } from './option-value.ts';
import type { Words } from '../words/words.ts';

interface InputLabels {
  readonly action: string;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
  /** Tells us of every change, for the preview. */
  readonly dispatch?: boolean;
}

const around = ({ label, hint, optional, dispatch }: InputLabels) => ({
  type: 'input' as const,
  label: plain(label, LIMITS.inputLabel),
  ...(hint !== undefined && { hint: plain(hint, LIMITS.inputHint) }),
  ...(optional && { optional: true }),
  ...(dispatch && { dispatch_action: true }),
});

const choose = (words: Words) => plain(words.FORM.choose, LIMITS.placeholder);

/**
 * A choice of names: a menu, or a search where Slack's menus are too short. The block's id follows
 * the names, so that a choice is not kept for a service that does not have it.
 */
export function nameChoice(
  labels: InputLabels,
  names: readonly string[],
  chosen: string | null,
  words: Words,
): InputBlock {
  const { action } = labels;
  const initial = chosen !== null && names.includes(chosen) ? nameOption(chosen) : undefined;
  const first = {
    action_id: action,
    placeholder: choose(words),
    ...(initial && { initial_option: initial }),
  };
  const isLong = names.length > LIMITS.selectOptions;
  return {
    ...around(labels),
    block_id: `${action}.${optionsKey(names)}`,
    element: isLong
      ? { type: 'external_select', ...first, min_query_length: 0 }
      : { type: 'static_select', ...first, options: names.map(nameOption) },
  };
}

export const nameOption = (name: string): PlainTextOption => option(name, optionValue(name));

export function optionChoice(
  labels: InputLabels,
  options: readonly PlainTextOption[],
  chosen: PlainTextOption | undefined,
  words: Words,
): InputBlock {
  const values = options.map(({ value }) => value ?? '');
  return {
    ...around(labels),
    block_id: `${labels.action}.${optionsKey(values)}`,
    element: {
      type: 'static_select',
      action_id: labels.action,
      placeholder: choose(words),
      options: [...options],
      ...(chosen && { initial_option: chosen }),
    },
  };
}

export function textInput(
  labels: InputLabels & { readonly max: number; readonly multiline?: boolean },
  initial: string | null,
): InputBlock {
  return {
    ...around(labels),
    block_id: labels.action,
    element: {
      type: 'plain_text_input',
      action_id: labels.action,
      max_length: labels.max,
      ...(labels.multiline && { multiline: true }),
      ...(initial !== null && { initial_value: cut(initial.toWellFormed(), labels.max) }),
    },
  };
}

/** Only channels of this organisation: in a shared one another company would read along. */
export function channelInput(labels: InputLabels, chosen: string | null, words: Words): InputBlock {
  return {
    ...around(labels),
    block_id: labels.action,
    element: {
      type: 'conversations_select',
      action_id: labels.action,
      placeholder: choose(words),
      ...(chosen !== null && { initial_conversation: chosen }),
      filter: {
        include: ['public', 'private'],
        exclude_bot_users: true,
        exclude_external_shared_channels: true,
      },
    },
  };
}
