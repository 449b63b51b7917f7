import { initialValues, type StateValue, type StateValues } from '../block-kit/state-values.ts';
import { isJsonObject, textOf, type JsonObject } from '../json.ts';
import { renderElement, renderTextObject } from './elements.ts';
import type { Reader } from './reader.ts';
import { renderRichText } from './rich-text.ts';

/** Blocks as plain text, one after the other; `values` is what stands in their inputs. */
export function renderBlocks(
  blocks: JsonObject[],
  reader: Reader,
  values: StateValues = initialValues(blocks),
): string {
  return blocks
    .map((block) => renderBlock(block, reader, values))
    .filter((text) => text !== '')
    .join('\n');
}

function renderBlock(block: JsonObject, reader: Reader, values: StateValues): string {
  const text = (name: string): string => renderTextObject(block[name], reader);
  const element = (one: JsonObject): string =>
    renderElement(one, standing(block, one, values), reader);
  switch (block['type']) {
    case 'divider':
      return '────────';
    case 'header':
      return `# ${text('text')}`;
    case 'section':
      return lines(
        text('text'),
        ...textsOf(block['fields'], reader),
        ...objects([block['accessory']]).map(element),
      );
    case 'context':
      return objects(block['elements'])
        .map((one) => (one['type'] === 'image' ? element(one) : renderTextObject(one, reader)))
        .join('  ');
    case 'actions':
    case 'context_actions':
      return objects(block['elements']).map(element).join(' ');
    case 'input': {
      const optional = block['optional'] === true ? ' (optional)' : '';
      const hint = text('hint');
      return lines(
        `${text('label')}${optional}`,
        ...objects([block['element']]).map((one) => `  ${element(one)}`),
        hint && `  ${hint}`,
      );
    }
    case 'image':
      return lines(text('title'), `(image: ${String(block['alt_text'])})`);
    case 'alert':
      return `! ${text('text')}`;
    case 'markdown':
      return String(block['text']);
    case 'rich_text':
      return renderRichText(block, reader);
    case 'table':
    case 'data_table':
      return renderTable(block, reader);
    case 'card':
      return lines(
        text('title'),
        text('subtitle'),
        text('body'),
        objects(block['actions']).map(element).join(' '),
      );
    case 'carousel':
      return renderBlocks(objects(block['elements']), reader, values);
    case 'container':
      return lines(
        text('title'),
        text('subtitle'),
        renderBlocks(objects(block['child_blocks']), reader, values),
      );
    case 'plan':
      return lines(String(block['title']), renderBlocks(objects(block['tasks']), reader, values));
    case 'task_card':
      return `- ${String(block['title'])} (${String(block['status'])})`;
    default:
      return `(${String(block['type'])})`;
  }
}

function renderTable(block: JsonObject, reader: Reader): string {
  const rows = Array.isArray(block['rows']) ? (block['rows'] as unknown[]) : [];
  return rows
    .map((row) =>
      objects(row)
        .map((cell) => cellText(cell, reader))
        .join(' | '),
    )
    .join('\n');
}

function cellText(cell: JsonObject, reader: Reader): string {
  return cell['type'] === 'rich_text' ? renderRichText(cell, reader) : textOf(cell['text']);
}

function standing(
  block: JsonObject,
  element: JsonObject,
  values: StateValues,
): StateValue | undefined {
  return values[String(block['block_id'])]?.[String(element['action_id'])];
}

function textsOf(items: unknown, reader: Reader): string[] {
  return objects(items).map((item) => renderTextObject(item, reader));
}

function objects(items: unknown): JsonObject[] {
  return Array.isArray(items) ? items.filter(isJsonObject) : [];
}

function lines(...parts: string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
