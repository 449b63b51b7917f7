import type { BlockOnScreen } from '../../wire.ts';
import { link } from '../link.ts';
import { isTime } from '../time-text.ts';
import { isBlock, textOf, typeOf } from './block-json.ts';

/**
 * Blocks as the renderer takes them. Without `verbatim`, which in Slack stops bare names from
 * becoming links and nothing else: the renderer takes it for text without any markup, and makes no
 * such links anyway. Without addresses that lead nowhere, since it makes some links by itself. And
 * with their fallback for times that there are not, which it would drop.
 *
 * @see https://docs.slack.dev/reference/block-kit/composition-objects/text-object
 */
export function asShown(blocks: readonly BlockOnScreen[]): BlockOnScreen[] {
  const json = JSON.stringify(blocks, (key, value: unknown) => {
    if (key === 'verbatim') return undefined;
    return isBlock(value) ? withoutDeadLink(withFallback(value)) : value;
  });
  return JSON.parse(json) as BlockOnScreen[];
}

function withFallback(block: BlockOnScreen): BlockOnScreen {
  if (typeOf(block) !== 'date' || isTime(Number(block['timestamp']))) return block;
  return { type: 'text', text: textOf(block['fallback']) };
}

function withoutDeadLink(block: BlockOnScreen): BlockOnScreen {
  const { url, ...rest } = block;
  if (typeof url !== 'string' || link(url) !== undefined) return block;
  return { text: url, ...rest };
}
