import type { BlockOnScreen } from '../../wire.ts';
import { ElementRow } from '../elements/element-row.tsx';
import { TextObject } from '../text/text-object.tsx';
import { AlertBlock } from './alert-block.tsx';
import { isBlock, objects, typeOf, typeWords } from './block-json.ts';
import { CardBlock } from './card-block.tsx';
import { ContainerBlock } from './container-block.tsx';
import { ContextBlock } from './context-block.tsx';
import { ImageBlock } from './image-block.tsx';
import { InputBlock } from './input-block.tsx';
import { SectionBlock } from './section-block.tsx';
import type { ShowBlocks } from './show-blocks.ts';
import { ShownBlocks } from './shown-blocks.tsx';
import { asTable } from './table.ts';
import { VideoBlock } from './video-block.tsx';

/** One block. What holds others shows them with what stands between its tags. */
export function Block({ block, children }: { block: BlockOnScreen; children: ShowBlocks }) {
  switch (typeOf(block)) {
    case 'header':
      return (
        <h3 className="header-block">
          <TextObject text={block['text']} />
        </h3>
      );
    case 'divider':
      return <hr className="divider-block" />;
    case 'section':
      return <SectionBlock block={block} />;
    case 'context':
      return <ContextBlock block={block} />;
    case 'image':
      return <ImageBlock block={block} />;
    case 'alert':
      return <AlertBlock block={block} />;
    case 'actions':
      return <ElementRow block={block} elements={objects(block['elements'])} />;
    case 'context_actions':
      return <ElementRow block={block} elements={objects(block['elements'])} isSmall />;
    case 'input':
      return isBlock(block['element']) && <InputBlock block={block} element={block['element']} />;
    case 'card':
      return <CardBlock block={block} />;
    case 'carousel':
      return (
        <div className="carousel" role="group" aria-label="Cards" tabIndex={0}>
          {children(objects(block['elements']))}
        </div>
      );
    case 'container':
      return <ContainerBlock block={block}>{children}</ContainerBlock>;
    case 'video':
      return <VideoBlock block={block} />;
    case 'table':
    case 'data_table':
      return <ShownBlocks blocks={[asTable(block)]} />;
    case 'rich_text':
    case 'markdown':
    case 'plan':
    case 'task_card':
      return <ShownBlocks blocks={[block]} />;
    default:
      return <p className="placeholder">A block of the type “{typeWords(block)}” stands here.</p>;
  }
}
