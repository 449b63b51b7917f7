import type { BlockOnScreen } from '../../wire.ts';
import { objects, textOf, typeOf } from './block-json.ts';

/** A table whose cells are rich text, so that nothing in a cell of plain text is taken for a mark. */
export function asTable(block: BlockOnScreen): BlockOnScreen {
  const rows = Array.isArray(block['rows']) ? (block['rows'] as unknown[]) : [];
  return { ...block, type: 'table', rows: rows.map((row) => objects(row).map(richCell)) };
}

function richCell(cell: BlockOnScreen): BlockOnScreen {
  if (typeOf(cell) === 'rich_text') return cell;
  const text = textOf(cell['text'] ?? cell['value']);
  const elements = text === '' ? [] : [{ type: 'text', text }];
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}
