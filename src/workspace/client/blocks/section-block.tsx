import type { BlockOnScreen } from '../../wire.ts';
import { Element } from '../elements/element.tsx';
import { TextObject } from '../text/text-object.tsx';
import { isBlock, objects, textOf, typeOf, words } from './block-json.ts';

/** Text and fields, with a picture or something to act on at the side. */
export function SectionBlock({ block }: { block: BlockOnScreen }) {
  const { accessory } = block as { accessory?: unknown };
  const fields = objects(block['fields']);
  return (
    <div className="section-block">
      <div className="section-text">
        <TextObject text={block['text']} />
        {fields.length > 0 && (
          <div className="section-fields">
            {fields.map((field, index) => (
              <TextObject key={index} text={field} />
            ))}
          </div>
        )}
      </div>
      {isBlock(accessory) && <Accessory block={block} element={accessory} />}
    </div>
  );
}

function Accessory({ block, element }: { block: BlockOnScreen; element: BlockOnScreen }) {
  if (typeOf(element) === 'image') {
    const address = textOf(element['image_url']);
    return <img className="section-image" src={address} alt={textOf(element['alt_text'])} />;
  }
  return (
    <div className="section-accessory">
      <Element block={block} element={element} name={words(block['text'])} />
    </div>
  );
}
