import type { BlockOnScreen } from '../../wire.ts';
import { textOf } from './block-json.ts';
import { Block } from './block.tsx';

/** A list of blocks as Slack shows it. */
export function Blocks({ blocks }: { blocks: readonly BlockOnScreen[] }) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        // By block id, so that an input that stays keeps what is being typed in it.
        <Block key={textOf(block['block_id']) || index} block={block}>
          {(inner) => <Blocks blocks={inner} />}
        </Block>
      ))}
    </div>
  );
}
