import { z } from 'zod';
import { LIMITS } from './limits.ts';

/**
 * The blocks and elements that this app sends, with Slack's limits. Strict: a block that stands
 * nowhere here is refused, so that none goes out unchecked.
 */
const sized = (max: number) => z.string().min(1).max(max);
const id = sized(LIMITS.identifier);

const plain = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: sized(max),
    emoji: z.boolean().optional(),
  });
const mrkdwn = (max: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: sized(max),
    verbatim: z.boolean().optional(),
  });
const either = (max: number) => z.discriminatedUnion('type', [plain(max), mrkdwn(max)]);

const confirm = z.strictObject({
  title: plain(LIMITS.confirmTitle),
  text: either(LIMITS.confirmText),
  confirm: plain(LIMITS.confirmButton),
  deny: plain(LIMITS.confirmButton),
  style: z.enum(['primary', 'danger']).optional(),
});

const button = z.strictObject({
  type: z.literal('button'),
  action_id: id,
  text: plain(LIMITS.buttonText),
  value: z.string().max(LIMITS.buttonValue),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
  accessibility_label: sized(LIMITS.buttonText).optional(),
});

/** Opens an address in the browser and names nothing. */
const linkButton = z.strictObject({
  type: z.literal('button'),
  action_id: id,
  text: plain(LIMITS.buttonText),
  url: z.url({ protocol: /^https?$/ }).max(LIMITS.buttonUrl),
  style: z.enum(['primary', 'danger']).optional(),
});

const option = z.strictObject({
  text: plain(LIMITS.optionText),
  value: sized(LIMITS.optionValue),
});

interface Options {
  readonly options: readonly { readonly value: string }[];
  readonly initial_option?: { readonly value: string } | undefined;
}

/** Slack refuses options that cannot be told apart, and an initial one that is not among them. */
const distinct = ({ options }: Options): boolean =>
  new Set(options.map(({ value }) => value)).size === options.length;
const initialAmong = ({ options, initial_option }: Options): boolean =>
  initial_option === undefined ||
  options.some((one) => JSON.stringify(one) === JSON.stringify(initial_option));

const choice = <T extends string>(type: T, max: number) =>
  z
    .strictObject({
      type: z.literal(type),
      action_id: id,
      options: z.array(option).min(1).max(max),
      initial_option: option.optional(),
      placeholder: plain(LIMITS.placeholder).optional(),
    })
    .refine(distinct, 'two options have the same value')
    .refine(initialAmong, 'the initial option is not among the options');

const staticSelect = choice('static_select', LIMITS.selectOptions);
const radioButtons = choice('radio_buttons', LIMITS.radioOptions);
const externalSelect = z.strictObject({
  type: z.literal('external_select'),
  action_id: id,
  min_query_length: z.number().int().min(0),
  initial_option: option.optional(),
  placeholder: plain(LIMITS.placeholder).optional(),
});
const conversationsSelect = z.strictObject({
  type: z.literal('conversations_select'),
  action_id: id,
  filter: z.strictObject({
    include: z.array(z.enum(['public', 'private'])).min(1),
    exclude_bot_users: z.boolean(),
    exclude_external_shared_channels: z.boolean(),
  }),
  initial_conversation: id.optional(),
  placeholder: plain(LIMITS.placeholder).optional(),
});
const textInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: id,
  multiline: z.boolean().optional(),
  min_length: z.number().int().min(0).max(LIMITS.plainTextInput).optional(),
  max_length: z.number().int().min(1).max(LIMITS.plainTextInput),
  initial_value: z.string().max(LIMITS.plainTextInput).optional(),
  placeholder: plain(LIMITS.placeholder).optional(),
  focus_on_load: z.boolean().optional(),
});

const common = { block_id: id.optional() };
const section = z.strictObject({
  type: z.literal('section'),
  ...common,
  text: either(LIMITS.sectionText),
  accessory: button.optional(),
});
const context = z.strictObject({
  type: z.literal('context'),
  ...common,
  elements: z.array(either(LIMITS.sectionText)).min(1).max(LIMITS.contextElements),
});
const header = z.strictObject({
  type: z.literal('header'),
  ...common,
  text: plain(LIMITS.headerText),
});
const divider = z.strictObject({ type: z.literal('divider'), ...common });
const actions = z.strictObject({
  type: z.literal('actions'),
  block_id: id,
  elements: z
    .array(z.union([button, linkButton, staticSelect, radioButtons]))
    .min(1)
    .max(LIMITS.actionsElements),
});
const markdown = z.strictObject({
  type: z.literal('markdown'),
  ...common,
  text: sized(LIMITS.markdownTotal),
});
const input = z.strictObject({
  type: z.literal('input'),
  block_id: id,
  label: plain(LIMITS.inputLabel),
  hint: plain(LIMITS.inputHint).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: z.union([staticSelect, externalSelect, conversationsSelect, textInput]),
});

export const block = z.union([section, context, header, divider, actions, markdown]);
export const homeBlock = z.union([section, context, header, divider, actions]);
export const modalBlock = z.union([section, context, header, divider, input]);
