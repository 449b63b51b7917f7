import type { BlockOnScreen } from '../../wire.ts';
import { TextObject } from '../text/text-object.tsx';
import { textOf } from './block-json.ts';

/** A picture by its address; one that was uploaded is not here, and its description stands for it. */
export function ImageBlock({ block }: { block: BlockOnScreen }) {
  const address = textOf(block['image_url']);
  const description = textOf(block['alt_text']);
  return (
    <figure className="image-block">
      <figcaption>
        <TextObject text={block['title']} />
      </figcaption>
      {address === '' ? (
        <p className="placeholder">{description}</p>
      ) : (
        <img src={address} alt={description} />
      )}
    </figure>
  );
}
