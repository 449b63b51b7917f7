import { Checkbox, CheckboxGroup } from 'react-aria-components';
import { objects, textOf } from '../blocks/block-json.ts';
import { CheckIcon } from '../icons.tsx';
import type { ElementProps } from './element-props.ts';
import { FieldLabel, FieldNotes, fieldProps } from './field-parts.tsx';
import { OptionWords } from './option-words.tsx';
import { useChoice } from './use-choice.ts';

/** Any of a few. */
export function CheckboxesElement(props: ElementProps) {
  const { element, field, name } = props;
  const { chosen, choose } = useChoice(props);
  return (
    <CheckboxGroup
      className="field choices"
      value={[...chosen]}
      onChange={choose}
      {...fieldProps(field, name)}
    >
      <FieldLabel field={field} />
      {objects(element['options']).map((option) => (
        <Checkbox key={textOf(option['value'])} className="choice" value={textOf(option['value'])}>
          <span className="choice-mark choice-box">
            <CheckIcon />
          </span>
          <OptionWords option={option} />
        </Checkbox>
      ))}
      <FieldNotes field={field} />
    </CheckboxGroup>
  );
}
