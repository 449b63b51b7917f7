import { Button, Popover, Select, SelectValue } from 'react-aria-components';
import { words } from '../blocks/block-json.ts';
import { ChevronIcon } from '../icons.tsx';
import type { ElementProps } from './element-props.ts';
import { FieldLabel, FieldNotes, fieldProps } from './field-parts.tsx';
import { OptionList } from './option-list.tsx';
import { useChoice } from './use-choice.ts';
import { useOptions } from './use-options.ts';

/** A menu of which several can be chosen. */
export function MultiMenuElement(props: ElementProps) {
  const { element, field, name } = props;
  const { chosen, choose } = useChoice(props);
  const options = useOptions(element);
  const placeholder = words(element['placeholder']) || 'Choose options';
  const labels = options.filter(({ value }) => chosen.includes(value));
  return (
    <Select
      className="field"
      selectionMode="multiple"
      placeholder={placeholder}
      value={[...chosen]}
      onChange={(keys) => choose(keys.map(String))}
      {...fieldProps(field, name || placeholder)}
    >
      <FieldLabel field={field} />
      <div className="picker">
        <Button className="picker-button picker-many">
          <SelectValue className="picker-value">
            {labels.length === 0
              ? placeholder
              : labels.map(({ value, label }) => (
                  <span key={value} className="chip">
                    {label}
                  </span>
                ))}
          </SelectValue>
          <ChevronIcon />
        </Button>
      </div>
      <FieldNotes field={field} />
      <Popover className="popover popover-wide">
        <OptionList options={options} />
      </Popover>
    </Select>
  );
}
