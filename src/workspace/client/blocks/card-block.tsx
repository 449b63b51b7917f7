import type { BlockOnScreen } from '../../wire.ts';
import { ElementRow } from '../elements/element-row.tsx';
import { TextObject } from '../text/text-object.tsx';
import { isBlock, objects, textOf } from './block-json.ts';

/** A card: picture, title, text and buttons. */
export function CardBlock({ block }: { block: BlockOnScreen }) {
  const actions = objects(block['actions']);
  return (
    <div className="card-block">
      {isBlock(block['hero_image']) && <Picture image={block['hero_image']} name="card-hero" />}
      <div className="card-inner">
        {isBlock(block['icon']) && <Picture image={block['icon']} name="card-icon" />}
        {['title', 'subtitle', 'body', 'subtext'].map((part) => (
          <Part key={part} part={part} text={block[part]} />
        ))}
        {actions.length > 0 && <ElementRow block={block} elements={actions} />}
      </div>
    </div>
  );
}

function Part({ part, text }: { part: string; text: unknown }) {
  if (!isBlock(text)) return null;
  return (
    <div className={`card-${part}`}>
      <TextObject text={text} />
    </div>
  );
}

function Picture({ image, name }: { image: BlockOnScreen; name: string }) {
  return <img className={name} src={textOf(image['image_url'])} alt={textOf(image['alt_text'])} />;
}
