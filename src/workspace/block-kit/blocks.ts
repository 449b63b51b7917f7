import type { JsonObject } from '../json.ts';
import { eitherText, identifier, mrkdwn, plainText, url } from './composition.ts';
import { button, elementsOf, image, type ElementType } from './elements.ts';
import { LIMITS } from './limits.ts';
import { anyObject, boolean, byType, integer, list, literal, object, optional } from './rules.ts';
import { report, required, text } from './rules.ts';
import type { Field, Place, Rule, Surface } from './rules.ts';

/** Rules of every block by type, and the surfaces each may stand on. */
const MENUS: ElementType[] = [
  'static_select',
  'external_select',
  'users_select',
  'conversations_select',
  'channels_select',
  'multi_static_select',
  'multi_external_select',
  'multi_users_select',
  'multi_conversations_select',
  'multi_channels_select',
];
const PICKERS: ElementType[] = ['checkboxes', 'radio_buttons', 'datepicker', 'timepicker'];
const BUTTONS: ElementType[] = ['button', 'workflow_button', 'overflow'];

function block(type: string, fields: Record<string, Field>, also?: Parameters<typeof object>[1]) {
  return object({ type: required(literal(type)), block_id: optional(identifier), ...fields }, also);
}

function sectionHasText(value: JsonObject, at: Place): void {
  if (value['text'] === undefined && value['fields'] === undefined) {
    report(at, 'must define either `text` or `fields`');
  }
}

const accessory = byType(elementsOf('image', ...BUTTONS, ...MENUS, ...PICKERS));
const action = byType(
  elementsOf(...BUTTONS, ...MENUS, ...PICKERS, 'datetimepicker', 'rich_text_input'),
);
const MODAL_INPUTS: ElementType[] = ['file_input'];
const INPUTS: ElementType[] = [
  ...MENUS,
  ...PICKERS,
  'datetimepicker',
  'plain_text_input',
  'number_input',
  'email_text_input',
  'url_text_input',
  'rich_text_input',
];
const input: Rule = (value, at) =>
  byType(elementsOf(...INPUTS, ...(at.surface === 'modal' ? MODAL_INPUTS : [])))(value, at);

const richText = block('rich_text', {
  elements: required(
    list(
      byType({
        rich_text_section: anyObject,
        rich_text_list: anyObject,
        rich_text_quote: anyObject,
        rich_text_preformatted: anyObject,
      }),
      { max: 1000 },
    ),
  ),
});

const cell = byType({
  raw_text: object({
    type: required(literal('raw_text')),
    text: required(text({ min: 1, max: 3000 })),
  }),
  raw_number: anyObject,
  rich_text: richText,
});
const rows = required(list(list(cell, { max: LIMITS.tableColumns }), { max: LIMITS.tableRows }));

const card = block(
  'card',
  {
    hero_image: optional(image),
    icon: optional(image),
    slack_icon: optional(anyObject),
    title: optional(mrkdwn(LIMITS.cardTitle)),
    subtitle: optional(mrkdwn(LIMITS.cardTitle)),
    subtext: optional(mrkdwn(LIMITS.cardBody)),
    body: optional(mrkdwn(LIMITS.cardBody)),
    actions: optional(list(button, { max: LIMITS.cardActions })),
  },
  (value, at) => {
    if (!['hero_image', 'title', 'actions', 'body'].some((name) => value[name] !== undefined)) {
      report(at, 'must define one of `hero_image`, `title`, `actions` or `body`');
    }
  },
);

const task = block('task_card', {
  task_id: required(identifier),
  title: required(text({ min: 1, max: 3000 })),
  details: optional(richText),
  output: optional(richText),
  sources: optional(list(anyObject, { max: 100 })),
  status: required(literal('pending', 'in_progress', 'complete', 'error')),
});

const BASIC: Record<string, Rule> = {
  section: block(
    'section',
    {
      text: optional(eitherText(LIMITS.sectionText)),
      fields: optional(list(eitherText(LIMITS.sectionField), { max: LIMITS.sectionFields })),
      accessory: optional(accessory),
      expand: optional(boolean),
    },
    sectionHasText,
  ),
  header: block('header', { text: required(plainText(LIMITS.headerText)) }),
  divider: block('divider', {}),
  image: block(
    'image',
    {
      image_url: optional(url),
      slack_file: optional(anyObject),
      alt_text: required(text({ max: LIMITS.imageText })),
      title: optional(plainText(LIMITS.imageText)),
    },
    (value, at) => {
      if ((value['image_url'] === undefined) === (value['slack_file'] === undefined)) {
        report(at, 'must define exactly one of `image_url` or `slack_file`');
      }
    },
  ),
  context: block('context', {
    elements: required(
      list(byType({ image, plain_text: plainText(3000), mrkdwn: mrkdwn(3000) }), {
        max: LIMITS.contextElements,
      }),
    ),
  }),
  actions: block('actions', { elements: required(list(action, { max: LIMITS.actionsElements })) }),
  input: block('input', {
    label: required(plainText(LIMITS.inputLabel)),
    element: required(input),
    hint: optional(plainText(LIMITS.inputHint)),
    optional: optional(boolean),
    dispatch_action: optional(boolean),
  }),
  rich_text: richText,
  video: block('video', {
    video_url: required(url),
    thumbnail_url: required(url),
    alt_text: required(text({ min: 1, max: LIMITS.imageText })),
    title: required(plainText(199)),
    title_url: optional(url),
    author_name: optional(text({ max: 49 })),
    provider_name: optional(text({ max: 200 })),
    provider_icon_url: optional(url),
    description: optional(plainText(199)),
  }),
  card,
};

const table = block('table', {
  rows,
  column_settings: optional(list(anyObject, { max: LIMITS.tableColumns })),
});

const contained = byType({ ...BASIC, table });

const MESSAGE_ONLY: Record<string, Rule> = {
  markdown: block('markdown', { text: required(text({ min: 1, max: LIMITS.markdownTotal })) }),
  table,
  data_table: block('data_table', {
    rows,
    caption: required(text({ min: 1, max: LIMITS.imageText })),
    page_size: optional(integer({ min: 1, max: 100 })),
    row_header_column_index: optional(integer({ min: 0, max: LIMITS.tableColumns - 1 })),
  }),
  container: block('container', {
    title: optional(plainText(LIMITS.containerTitle)),
    rich_text_title: optional(richText),
    subtitle: optional(eitherText(LIMITS.containerTitle)),
    child_blocks: required(list(contained, { max: LIMITS.containerBlocks })),
    width: optional(literal('narrow', 'standard', 'wide', 'full')),
    icon: optional(image),
    is_collapsible: optional(boolean),
    default_collapsed: optional(boolean),
    has_header_divider: optional(boolean),
  }),
  context_actions: block('context_actions', {
    elements: required(
      list(byType(elementsOf('feedback_buttons', 'icon_button')), {
        max: LIMITS.contextActionsElements,
      }),
    ),
  }),
  task_card: task,
  plan: block('plan', {
    title: required(text({ min: 1, max: 3000 })),
    tasks: optional(list(task, { max: 100, min: 0 })),
  }),
};

const carousel = block('carousel', {
  elements: required(list(card, { max: LIMITS.carouselCards })),
});
const alert = block('alert', {
  text: required(eitherText(LIMITS.alertText)),
  level: optional(literal('default', 'info', 'warning', 'error', 'success')),
});

/** The blocks that a surface takes. */
export const BLOCKS_OF: Record<Surface, Rule> = {
  message: byType({ ...BASIC, ...MESSAGE_ONLY, carousel }),
  modal: byType({ ...BASIC, alert }),
  home: byType({ ...BASIC, carousel }),
};
