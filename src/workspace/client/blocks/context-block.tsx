import type { BlockOnScreen } from '../../wire.ts';
import { TextObject } from '../text/text-object.tsx';
import { objects, textOf, typeOf } from './block-json.ts';

/** Small grey text and pictures in a row. */
export function ContextBlock({ block }: { block: BlockOnScreen }) {
  return (
    <div className="context-block">
      {objects(block['elements']).map((element, index) =>
        typeOf(element) === 'image' ? (
          <img key={index} src={textOf(element['image_url'])} alt={textOf(element['alt_text'])} />
        ) : (
          <TextObject key={index} text={element} />
        ),
      )}
    </div>
  );
}
