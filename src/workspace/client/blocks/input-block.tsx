import type { BlockOnScreen } from '../../wire.ts';
import { Element } from '../elements/element.tsx';
import { textOf, words } from './block-json.ts';
import { useSurface } from './surface.tsx';

/** An input with its label, hint and error. */
export function InputBlock({ block, element }: { block: BlockOnScreen; element: BlockOnScreen }) {
  const { errors } = useSurface();
  const id = textOf(block['block_id']);
  const label = words(block['label']);
  const field = {
    label,
    hint: words(block['hint']),
    error: Object.hasOwn(errors, id) ? errors[id] : undefined,
    isOptional: block['optional'] === true,
  };
  return (
    <div className="input-block">
      <Element block={block} element={element} name={label} field={field} />
    </div>
  );
}
