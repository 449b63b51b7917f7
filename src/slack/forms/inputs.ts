import type { InputBlock, PlainTextOption } from '@slack/types';
import { option } from '../block-kit/blocks.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { cut, plain } from '../block-kit/text.ts';
import { FORM } from '../words/modal.ts';
import { optionsKey, optionValue } from './option-value.ts';

interface InputWords {
  readonly action: string;
  readonly label: string;
  readonly hint?: string;
  readonly optional?: boolean;
  /** Tells us of every change, for the preview. */
  readonly dispatch?: boolean;
}

const around = ({ label, hint, optional, dispatch }: InputWords) => ({
  type: 'input' as const,
  label: plain(label, LIMITS.inputLabel),
  ...(hint !== undefined && { hint: plain(hint, LIMITS.inputHint) }),
  ...(optional && { optional: true }),
  ...(dispatch && { dispatch_action: true }),
});

const placeholder = plain(FORM.choose, LIMITS.placeholder);

/**
 * A choice of names: a menu, or a search where Slack's menus are too short. The block's id follows
 * the names, so that a choice is not kept for a service that does not have it.
 */
export function nameChoice(
  words: InputWords,
  names: readonly string[],
  chosen: string | null,
): InputBlock {
  const { action } = words;
  const initial = chosen !== null && names.includes(chosen) ? nameOption(chosen) : undefined;
  const first = { action_id: action, placeholder, ...(initial && { initial_option: initial }) };
  const isLong = names.length > LIMITS.selectOptions;
  return {
    ...around(words),
    block_id: `${action}.${optionsKey(names)}`,
    element: isLong
      ? { type: 'external_select', ...first, min_query_length: 0 }
      : { type: 'static_select', ...first, options: names.map(nameOption) },
  };
}

export const nameOption = (name: string): PlainTextOption => option(name, optionValue(name));

export function optionChoice(
  words: InputWords,
  options: readonly PlainTextOption[],
  chosen: PlainTextOption | undefined,
): InputBlock {
  const values = options.map(({ value }) => value ?? '');
  return {
    ...around(words),
    block_id: `${words.action}.${optionsKey(values)}`,
    element: {
      type: 'static_select',
      action_id: words.action,
      placeholder,
      options: [...options],
      ...(chosen && { initial_option: chosen }),
    },
  };
}

export function textInput(
  words: InputWords & { readonly max: number; readonly multiline?: boolean },
  initial: string | null,
): InputBlock {
  return {
    ...around(words),
    block_id: words.action,
    element: {
      type: 'plain_text_input',
      action_id: words.action,
      max_length: words.max,
      ...(words.multiline && { multiline: true }),
      ...(initial !== null && { initial_value: cut(initial.toWellFormed(), words.max) }),
    },
  };
}

/** Only channels of this organisation: in a shared one another company would read along. */
export function channelInput(words: InputWords, chosen: string | null): InputBlock {
  return {
    ...around(words),
    block_id: words.action,
    element: {
      type: 'conversations_select',
      action_id: words.action,
      placeholder,
      ...(chosen !== null && { initial_conversation: chosen }),
      filter: {
        include: ['public', 'private'],
        exclude_bot_users: true,
        exclude_external_shared_channels: true,
      },
    },
  };
}
