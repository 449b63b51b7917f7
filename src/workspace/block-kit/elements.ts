import type { JsonObject } from '../json.ts';
import {
  boxOption,
  confirm,
  dispatchActionConfig,
  distinctOptions,
  identifier,
  initialAmongOptions,
  menuOption,
  optionGroup,
  overflowOption,
  plainText,
  url,
} from './composition.ts';
import { LIMITS } from './limits.ts';
import { anyObject, boolean, integer, list, literal, matching } from './rules.ts';
import { object, optional, report, required, text } from './rules.ts';
import type { Field, Place, Rule } from './rules.ts';

/** Rules of every block element, by type (docs.slack.dev/reference/block-kit/block-elements). */
const actionable = { action_id: optional(identifier) };
const confirmable = { confirm: optional(confirm) };
const focusable = { focus_on_load: optional(boolean) };
const placeholder = { placeholder: optional(plainText(LIMITS.placeholder)) };
const dispatchable = { dispatch_action_config: optional(dispatchActionConfig) };
const many = { max_selected_items: optional(integer({ min: 1, max: LIMITS.selectOptions })) };
const id = text({ min: 1, max: LIMITS.identifier });
const ids = list(id, { max: LIMITS.selectOptions });

function element(type: string, fields: Record<string, Field>, also?: Parameters<typeof object>[1]) {
  return object({ type: required(literal(type)), ...actionable, ...fields }, also);
}

const picker = { ...confirmable, ...focusable, ...placeholder };
const box = { ...confirmable, ...focusable };

function staticSelect(type: string, fields: Record<string, Field>): Rule {
  const options = optional(list(menuOption, { max: LIMITS.selectOptions }));
  const option_groups = optional(list(optionGroup, { max: LIMITS.optionGroups }));
  return element(type, { ...picker, options, option_groups, ...fields }, checkOptions);
}

function checkOptions(value: JsonObject, at: Place): void {
  if ((value['options'] === undefined) === (value['option_groups'] === undefined)) {
    report(at, 'must define exactly one of `options` or `option_groups`');
  }
  checkChoices(value, at);
}

function checkChoices(value: JsonObject, at: Place): void {
  initialAmongOptions(value, at);
  distinctOptions(value, at);
}

function checkLengths(value: JsonObject, at: Place): void {
  const [min, max] = [value['min_length'], value['max_length']];
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    report(at, '`min_length` must not be greater than `max_length`');
  }
}

const conversationsSelect = {
  ...picker,
  default_to_current_conversation: optional(boolean),
  filter: optional(anyObject),
};
const external = { ...picker, min_query_length: optional(integer({ min: 0, max: 3000 })) };
const boxOptions = required(list(boxOption, { max: LIMITS.radioOptions }));
const initialOptions = optional(list(menuOption, { max: LIMITS.selectOptions }));
const numeric: Rule = (value, at) => {
  if (typeof value !== 'string' || Number.isNaN(Number(value))) report(at, 'must be a number');
};
const initialText = {
  ...dispatchable,
  ...focusable,
  ...placeholder,
  initial_value: optional(text({ max: LIMITS.plainTextInput })),
};
const buttonText = plainText(LIMITS.buttonText);
const buttonValue = text({ max: LIMITS.buttonValue });
const label = optional(text({ max: LIMITS.buttonText }));
const style = optional(literal('primary', 'danger'));
const feedback = object({
  text: required(buttonText),
  value: required(buttonValue),
  accessibility_label: label,
});

export const image = object(
  {
    type: required(literal('image')),
    image_url: optional(url),
    slack_file: optional(anyObject),
    alt_text: required(text({ max: LIMITS.imageText })),
  },
  (value, at) => {
    if ((value['image_url'] === undefined) === (value['slack_file'] === undefined)) {
      report(at, 'must define exactly one of `image_url` or `slack_file`');
    }
  },
);

export const button = element('button', {
  ...confirmable,
  text: required(buttonText),
  value: optional(buttonValue),
  url: optional(url),
  style,
  accessibility_label: label,
});

const ELEMENTS = {
  image,
  button,
  workflow_button: element('workflow_button', {
    text: required(buttonText),
    workflow: required(anyObject),
    style,
    accessibility_label: label,
  }),
  overflow: element('overflow', {
    ...confirmable,
    options: required(list(overflowOption, { max: LIMITS.overflowOptions })),
  }),
  icon_button: element('icon_button', {
    ...confirmable,
    icon: required(id),
    text: required(buttonText),
    value: optional(buttonValue),
    accessibility_label: label,
    visible_to_user_ids: optional(ids),
  }),
  feedback_buttons: element('feedback_buttons', {
    positive_button: required(feedback),
    negative_button: required(feedback),
  }),
  static_select: staticSelect('static_select', { initial_option: optional(menuOption) }),
  multi_static_select: staticSelect('multi_static_select', {
    ...many,
    initial_options: initialOptions,
  }),
  external_select: element('external_select', {
    ...external,
    initial_option: optional(menuOption),
  }),
  multi_external_select: element('multi_external_select', {
    ...external,
    ...many,
    initial_options: initialOptions,
  }),
  users_select: element('users_select', { ...picker, initial_user: optional(id) }),
  multi_users_select: element('multi_users_select', {
    ...picker,
    ...many,
    initial_users: optional(ids),
  }),
  conversations_select: element('conversations_select', {
    ...conversationsSelect,
    response_url_enabled: optional(boolean),
    initial_conversation: optional(id),
  }),
  multi_conversations_select: element('multi_conversations_select', {
    ...conversationsSelect,
    ...many,
    initial_conversations: optional(ids),
  }),
  channels_select: element('channels_select', {
    ...picker,
    response_url_enabled: optional(boolean),
    initial_channel: optional(id),
  }),
  multi_channels_select: element('multi_channels_select', {
    ...picker,
    ...many,
    initial_channels: optional(ids),
  }),
  radio_buttons: element(
    'radio_buttons',
    { ...box, options: boxOptions, initial_option: optional(boxOption) },
    checkChoices,
  ),
  checkboxes: element(
    'checkboxes',
    {
      ...box,
      options: boxOptions,
      initial_options: optional(list(boxOption, { max: LIMITS.radioOptions })),
    },
    checkChoices,
  ),
  datepicker: element('datepicker', {
    ...picker,
    initial_date: optional(matching(/^\d{4}-\d\d-\d\d$/, 'date')),
  }),
  timepicker: element('timepicker', {
    ...picker,
    initial_time: optional(matching(/^\d\d:\d\d$/, 'time')),
    timezone: optional(id),
  }),
  datetimepicker: element('datetimepicker', {
    ...box,
    initial_date_time: optional(integer({ min: 1_000_000_000, max: 9_999_999_999 })),
  }),
  plain_text_input: element(
    'plain_text_input',
    {
      ...initialText,
      multiline: optional(boolean),
      min_length: optional(integer({ min: 0, max: LIMITS.plainTextInput })),
      max_length: optional(integer({ min: 1, max: LIMITS.plainTextInput })),
    },
    checkLengths,
  ),
  number_input: element('number_input', {
    ...initialText,
    is_decimal_allowed: required(boolean),
    min_value: optional(numeric),
    max_value: optional(numeric),
  }),
  email_text_input: element('email_text_input', initialText),
  url_text_input: element('url_text_input', initialText),
  rich_text_input: element('rich_text_input', {
    ...dispatchable,
    ...focusable,
    ...placeholder,
    initial_value: optional(anyObject),
  }),
  file_input: element('file_input', {
    filetypes: optional(list(id, { max: 100 })),
    max_files: optional(integer({ min: 1, max: 10 })),
  }),
} satisfies Record<string, Rule>;

export type ElementType = keyof typeof ELEMENTS;

/** Only these element types, for a block that takes no others. */
export function elementsOf(...types: ElementType[]): Record<string, Rule> {
  return Object.fromEntries(types.map((type) => [type, ELEMENTS[type]]));
}
