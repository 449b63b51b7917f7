import { isJsonObject, textOf, type JsonObject } from '../json.ts';
import { LIMITS } from './limits.ts';
import { isEmpty, optionLabel, valueField, type StateValue } from './state-values.ts';

/** What a person enters: text, a choice, several choices, or nothing. */
export type PlainValue = string | number | string[] | null;

/** Turns what a person enters into the element's state value; a string says why it cannot be. */
export function enteredValue(element: JsonObject, plain: PlainValue): StateValue | string {
  const type = String(element['type']);
  const target = valueField(type);
  if (!target) return `a ${type} takes no value`;
  if (target.many) return severalValues(element, target.field, plain);
  if (Array.isArray(plain)) return `a ${type} takes one value`;
  if (plain === null || plain === '') return { type, [target.field]: null };
  switch (target.field) {
    case 'selected_option': {
      const option = findOption(element, String(plain));
      return option ? { type, selected_option: option } : `there is no option \`${plain}\``;
    }
    case 'selected_date_time':
      return { type, selected_date_time: Number(plain) };
    case 'rich_text_value':
      return { type, rich_text_value: richText(String(plain)) };
    default:
      return { type, [target.field]: String(plain) };
  }
}

function severalValues(element: JsonObject, field: string, plain: PlainValue): StateValue | string {
  const type = String(element['type']);
  const chosen = plain === null ? [] : [plain].flat().map(String);
  const max = element['max_selected_items'];
  if (typeof max === 'number' && chosen.length > max) return `at most ${max} can be chosen`;
  if (field !== 'selected_options') return { type, [field]: chosen };
  const options = chosen.map((choice) => findOption(element, choice));
  const missing = chosen.find((_, index) => options[index] === undefined);
  return missing === undefined
    ? { type, selected_options: options }
    : `there is no option \`${missing}\``;
}

/** By value, or else by the text that a person sees. */
function findOption(element: JsonObject, choice: string): JsonObject | undefined {
  const groups = Array.isArray(element['option_groups']) ? element['option_groups'] : [];
  const grouped = groups.flatMap((group: unknown) => (isJsonObject(group) ? group['options'] : []));
  const options = [element['options'] ?? [], grouped].flat().filter(isJsonObject);
  return (
    options.find((option) => option['value'] === choice) ??
    options.find((option) => optionLabel(option) === choice)
  );
}

function richText(text: string): JsonObject {
  const section = { type: 'rich_text_section', elements: [{ type: 'text', text }] };
  return { type: 'rich_text', elements: [section] };
}

/** What Slack's own client objects to before a form is sent; undefined if nothing. */
export function clientObjection(
  block: JsonObject,
  element: JsonObject,
  value: StateValue | undefined,
): string | undefined {
  if (isEmpty(value)) {
    return block['optional'] === true ? undefined : 'Please complete this required field.';
  }
  const entered = value?.['value'];
  if (typeof entered !== 'string') return undefined;
  switch (element['type']) {
    case 'plain_text_input':
      return lengthObjection(element, entered);
    case 'number_input':
      return numberObjection(element, entered);
    case 'email_text_input':
      return /^\S+@\S+\.\S+$/.test(entered) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(entered) ? undefined : 'Please enter a valid URL.';
    default:
      return undefined;
  }
}

function lengthObjection(element: JsonObject, entered: string): string | undefined {
  const min = Number(element['min_length'] ?? 0);
  const max = Number(element['max_length'] ?? LIMITS.plainTextInput);
  if (entered.length < min) return `Please enter at least ${min} characters.`;
  return entered.length > max ? `Please enter at most ${max} characters.` : undefined;
}

function numberObjection(element: JsonObject, entered: string): string | undefined {
  const number = Number(entered);
  if (Number.isNaN(number)) return 'Please enter a number.';
  if (element['is_decimal_allowed'] !== true && !Number.isInteger(number)) {
    return 'Please enter a whole number.';
  }
  const min = element['min_value'];
  const max = element['max_value'];
  if (min !== undefined && number < Number(min)) return `Please enter at least ${textOf(min)}.`;
  if (max !== undefined && number > Number(max)) return `Please enter at most ${textOf(max)}.`;
  return undefined;
}
