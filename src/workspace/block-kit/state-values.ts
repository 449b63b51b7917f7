import { isJsonObject, type JsonObject } from '../json.ts';
import { own } from '../own.ts';
import { allBlocks } from './walk.ts';
import { allElements, type FoundElement } from './walk.ts';

/** What stands in an input, in the shape of `state.values[block_id][action_id]`. */
export type StateValue = { type: string } & JsonObject;
export type StateValues = { [blockId: string]: { [actionId: string]: StateValue } };

/** The field that holds the value of each stateful element, and the field with its initial value. */
const FIELDS: Record<string, { value: string; initial: string; many?: true }> = {
  plain_text_input: { value: 'value', initial: 'initial_value' },
  number_input: { value: 'value', initial: 'initial_value' },
  email_text_input: { value: 'value', initial: 'initial_value' },
  url_text_input: { value: 'value', initial: 'initial_value' },
  rich_text_input: { value: 'rich_text_value', initial: 'initial_value' },
  static_select: { value: 'selected_option', initial: 'initial_option' },
  external_select: { value: 'selected_option', initial: 'initial_option' },
  radio_buttons: { value: 'selected_option', initial: 'initial_option' },
  users_select: { value: 'selected_user', initial: 'initial_user' },
  conversations_select: { value: 'selected_conversation', initial: 'initial_conversation' },
  channels_select: { value: 'selected_channel', initial: 'initial_channel' },
  multi_static_select: { value: 'selected_options', initial: 'initial_options', many: true },
  multi_external_select: { value: 'selected_options', initial: 'initial_options', many: true },
  checkboxes: { value: 'selected_options', initial: 'initial_options', many: true },
  multi_users_select: { value: 'selected_users', initial: 'initial_users', many: true },
  multi_conversations_select: {
    value: 'selected_conversations',
    initial: 'initial_conversations',
    many: true,
  },
  multi_channels_select: { value: 'selected_channels', initial: 'initial_channels', many: true },
  datepicker: { value: 'selected_date', initial: 'initial_date' },
  timepicker: { value: 'selected_time', initial: 'initial_time' },
  datetimepicker: { value: 'selected_date_time', initial: 'initial_date_time' },
};

/** The field of a state value that holds what was entered; undefined for buttons and the like. */
export function valueField(elementType: unknown): { field: string; many: boolean } | undefined {
  const found = own(FIELDS, String(elementType));
  return found && { field: found.value, many: found.many === true };
}

/** What stands in every input when the blocks are first shown. */
export function initialValues(blocks: unknown): StateValues {
  const values: StateValues = {};
  for (const { block, element } of allElements(blocks)) {
    const fields = own(FIELDS, String(element['type']));
    if (!fields) continue;
    const initial = element[fields.initial] ?? (fields.many ? [] : null);
    put(values, { block, element }, { type: String(element['type']), [fields.value]: initial });
  }
  return values;
}

/**
 * What stands in the inputs after the blocks were replaced: an input that kept its block id, action
 * id and type keeps what the person entered.
 */
export function carriedValues(previous: StateValues, blocks: unknown): StateValues {
  const values = initialValues(blocks);
  for (const [blockId, ofBlock] of Object.entries(values)) {
    for (const [actionId, value] of Object.entries(ofBlock)) {
      const before = previous[blockId]?.[actionId];
      if (before?.type === value.type) ofBlock[actionId] = before;
    }
  }
  return values;
}

/** Puts a value down under the element's block id and action id. */
export function put(
  values: StateValues,
  { block, element }: Pick<FoundElement, 'block' | 'element'>,
  value: StateValue,
): void {
  const blockId = String(block['block_id']);
  values[blockId] = { ...values[blockId], [String(element['action_id'])]: value };
}

/** Whether nothing was entered. */
export function isEmpty(value: StateValue | undefined): boolean {
  const entered = value && value[valueField(value.type)?.field ?? ''];
  if (Array.isArray(entered)) return entered.length === 0;
  return entered === undefined || entered === null || entered === '';
}

/** The blocks with an id on each block and element, as Slack fills them in. */
export function withIds(blocks: JsonObject[], newId: () => string): JsonObject[] {
  const copy = structuredClone(blocks);
  for (const { block } of allBlocks(copy)) block['block_id'] ??= newId();
  for (const { element } of allElements(copy)) element['action_id'] ??= newId();
  return copy;
}

/** The visible text of an option. */
export function optionLabel(option: unknown): string {
  const label = isJsonObject(option) ? option['text'] : undefined;
  return isJsonObject(label) ? String(label['text']) : '';
}
