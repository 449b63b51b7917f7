import { isJsonObject, textOf, type JsonObject } from '../json.ts';
import type { Reader } from './reader.ts';

/** A `rich_text` block as plain lines. */
export function renderRichText(block: JsonObject, reader: Reader): string {
  return parts(block)
    .map((part) => {
      const text = parts(part).map((item) => renderItem(item, reader));
      if (part['type'] === 'rich_text_list') return text.map((line) => `• ${line}`).join('\n');
      if (part['type'] === 'rich_text_quote') return `> ${text.join('')}`;
      return text.join('');
    })
    .join('\n');
}

function renderItem(item: JsonObject, reader: Reader): string {
  const named = (id: unknown): string => reader.nameOf?.(String(id)) ?? String(id);
  switch (item['type']) {
    case 'user':
      return `@${named(item['user_id'])}`;
    case 'usergroup':
      return `@${named(item['usergroup_id'])}`;
    case 'channel':
      return `#${named(item['channel_id'])}`;
    case 'link':
      return String(item['text'] ?? item['url']);
    case 'emoji':
      return `:${String(item['name'])}:`;
    case 'rich_text_section':
      return parts(item)
        .map((inner) => renderItem(inner, reader))
        .join('');
    default:
      return textOf(item['text']);
  }
}

function parts(value: JsonObject): JsonObject[] {
  return Array.isArray(value['elements']) ? value['elements'].filter(isJsonObject) : [];
}
