import type { BlockOnScreen } from '../../wire.ts';
import { isBlock, objects, textOf } from '../blocks/block-json.ts';

/** What is chosen, as values of options or ids, from an entry of `state.values`. */
export function chosenIn(value: BlockOnScreen | undefined): string[] {
  if (!value) return [];
  const entered = Object.entries(value).filter(([name]) => name.startsWith('selected_'));
  return entered
    .flatMap(([, one]) => (Array.isArray(one) ? (one as unknown[]) : [one]))
    .map((one) => (isBlock(one) ? textOf(one['value']) : textOf(one)))
    .filter((one) => one !== '');
}

/** What was typed, from an entry of `state.values`. */
export function typedIn(value: BlockOnScreen | undefined): string {
  if (!value) return '';
  const rich = value['rich_text_value'];
  return isBlock(rich) ? richTextWords(rich) : textOf(value['value']);
}

function richTextWords(rich: BlockOnScreen): string {
  return objects(rich['elements'])
    .map((part) =>
      objects(part['elements'])
        .map(({ text }) => textOf(text))
        .join(''),
    )
    .join('\n');
}
