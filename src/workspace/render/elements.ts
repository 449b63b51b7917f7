import { isEmpty, optionLabel, valueField, type StateValue } from '../block-kit/state-values.ts';
import { isJsonObject, textOf, type JsonObject } from '../json.ts';
import { renderDate } from './date-token.ts';
import { renderMrkdwn, unescape } from './mrkdwn.ts';
import type { Reader } from './reader.ts';

/** A text object: plain text unescaped, mrkdwn with its tokens resolved. */
export function renderTextObject(text: unknown, reader: Reader): string {
  if (!isJsonObject(text)) return '';
  const raw = textOf(text['text']);
  return text['type'] === 'mrkdwn' ? renderMrkdwn(raw, reader) : unescape(raw);
}

/** An interactive element with what stands in it. */
export function renderElement(
  element: JsonObject,
  value: StateValue | undefined,
  reader: Reader,
): string {
  switch (element['type']) {
    case 'button':
    case 'workflow_button':
    case 'icon_button':
      return `[${renderTextObject(element['text'], reader)}]`;
    case 'overflow':
      return '[⋯]';
    case 'image':
      return `(image: ${String(element['alt_text'])})`;
    case 'radio_buttons':
      return choices(element, value, reader, ['(•)', '( )']);
    case 'checkboxes':
      return choices(element, value, reader, ['[x]', '[ ]']);
    default:
      return String(element['type']).includes('select')
        ? `‹${shownValue(element, value, reader)} ▾›`
        : `‹${shownValue(element, value, reader)}›`;
  }
}

function choices(
  element: JsonObject,
  value: StateValue | undefined,
  reader: Reader,
  [on, off]: [string, string],
): string {
  const chosen = [value?.['selected_option'], value?.['selected_options']].flat();
  const values = new Set(chosen.map((o) => (isJsonObject(o) ? o['value'] : undefined)));
  const options = Array.isArray(element['options']) ? element['options'].filter(isJsonObject) : [];
  return options
    .map((o) => `${values.has(o['value']) ? on : off} ${renderTextObject(o['text'], reader)}`)
    .join('  ');
}

function shownValue(element: JsonObject, value: StateValue | undefined, reader: Reader): string {
  if (!value || isEmpty(value)) return renderTextObject(element['placeholder'], reader) || ' ';
  const entered = value[valueField(value.type)?.field ?? ''];
  return [entered]
    .flat()
    .map((one) => shownOne(value.type, one, reader))
    .join(', ');
}

function shownOne(type: string, one: unknown, reader: Reader): string {
  if (isJsonObject(one)) return optionLabel(one);
  const text = String(one);
  if (type === 'datetimepicker')
    return renderDate(Number(text), '{date_short} {time}', reader) ?? text;
  if (/users|channels|conversations/.test(type)) {
    return reader.nameOf?.(text) ?? text;
  }
  return text;
}
