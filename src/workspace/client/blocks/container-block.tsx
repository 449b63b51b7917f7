import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import type { BlockOnScreen } from '../../wire.ts';
import { ChevronIcon } from '../icons.tsx';
import type { ShowBlocks } from './show-blocks.ts';
import { isBlock, objects, words } from './block-json.ts';
import { ShownBlocks } from './shown-blocks.tsx';

/** Blocks in a frame, with a title and perhaps a way to fold them. */
export function ContainerBlock({
  block,
  children,
}: {
  block: BlockOnScreen;
  children: ShowBlocks;
}) {
  const title = <Title block={block} />;
  const inside = children(objects(block['child_blocks']));
  if (block['is_collapsible'] !== true) {
    return (
      <div className="container-block">
        {title}
        {inside}
      </div>
    );
  }
  return (
    <Disclosure className="container-block" defaultExpanded={block['default_collapsed'] !== true}>
      <Heading level={4} className="container-heading">
        <Button slot="trigger" className="container-trigger">
          <ChevronIcon />
          {title}
        </Button>
      </Heading>
      <DisclosurePanel>{inside}</DisclosurePanel>
    </Disclosure>
  );
}

function Title({ block }: { block: BlockOnScreen }) {
  const { rich_text_title: rich } = block as { rich_text_title?: unknown };
  return (
    <span className="container-titles">
      {isBlock(rich) ? <ShownBlocks blocks={[rich]} /> : <b>{words(block['title'])}</b>}
      <span className="container-subtitle">{words(block['subtitle'])}</span>
    </span>
  );
}
