import type { BlockOnScreen } from '../../wire.ts';
import { words } from '../blocks/block-json.ts';
import { Element } from './element.tsx';
import { actionIdOf } from './element-props.ts';

/** Elements side by side, wrapped where they have no room. */
export function ElementRow(props: {
  block: BlockOnScreen;
  elements: readonly BlockOnScreen[];
  isSmall?: boolean;
}) {
  const { block, elements, isSmall = false } = props;
  return (
    <div className={isSmall ? 'element-row element-row-small' : 'element-row'}>
      {elements.map((element) => (
        <Element
          key={actionIdOf(element)}
          block={block}
          element={element}
          name={words(element['placeholder'])}
        />
      ))}
    </div>
  );
}
