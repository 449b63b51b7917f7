import type { BlockOnScreen } from '../../wire.ts';
import { TextObject } from '../text/text-object.tsx';
import { WarningIcon } from '../icons.tsx';
import { textOf } from './block-json.ts';

/** A notice in the colour of its level. */
export function AlertBlock({ block }: { block: BlockOnScreen }) {
  return (
    <div className={`alert-block alert-${textOf(block['level']) || 'default'}`}>
      <WarningIcon />
      <TextObject text={block['text']} />
    </div>
  );
}
