import { Radio, RadioGroup } from 'react-aria-components';
import { blockIdOf, type ElementProps } from './element-props.ts';
import { FieldLabel, FieldNotes, fieldProps } from './field-parts.tsx';
import { OptionWords } from './option-words.tsx';
import { useChoice } from './use-choice.ts';
import { objects, textOf } from '../blocks/block-json.ts';

/** One of a few. */
export function RadioElement(props: ElementProps) {
  const { element, field, name, block } = props;
  const { chosen, choose } = useChoice(props);
  return (
    <RadioGroup
      className="field choices"
      name={blockIdOf(block)}
      value={chosen[0] ?? null}
      onChange={choose}
      {...fieldProps(field, name === '' ? 'Choose one' : name)}
    >
      <FieldLabel field={field} />
      {objects(element['options']).map((option) => (
        <Radio key={textOf(option['value'])} className="choice" value={textOf(option['value'])}>
          <span className="choice-mark choice-radio" />
          <OptionWords option={option} />
        </Radio>
      ))}
      <FieldNotes field={field} />
    </RadioGroup>
  );
}
