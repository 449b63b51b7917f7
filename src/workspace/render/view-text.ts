import { own } from '../own.ts';
import type { StoredView } from '../store/view.ts';
import { renderBlocks } from './blocks.ts';
import { renderTextObject } from './elements.ts';
import type { Reader } from './reader.ts';

/** A modal or Home tab as a person sees it, with what stands in its inputs, in plain text. */
export function renderViewText(
  view: StoredView,
  reader: Reader & { errors?: Record<string, string> } = {},
): string {
  const blocks = view.blocks.map((block) => {
    const error = own(reader.errors ?? {}, String(block['block_id']));
    const text = renderBlocks([block], reader, view.state.values);
    return error === undefined ? text : `${text}\n  ✗ ${error}`;
  });
  const body = blocks.join('\n');
  if (view.type === 'home') return body;
  const close = renderTextObject(view.close, reader) || 'Cancel';
  const submit = renderTextObject(view.submit, reader);
  const buttons = [close, submit].filter((text) => text !== '').map((text) => `[${text}]`);
  return [`== ${renderTextObject(view.title, reader)} ==`, body, buttons.join(' ')].join('\n');
}
