import { Button, ComboBox, Input, Popover } from 'react-aria-components';
import { words } from '../blocks/block-json.ts';
import { ChevronIcon } from '../icons.tsx';
import { ClearButton } from './clear-button.tsx';
import type { ElementProps } from './element-props.ts';
import { FieldLabel, FieldNotes, fieldProps } from './field-parts.tsx';
import { OptionList } from './option-list.tsx';
import { useChoice } from './use-choice.ts';
import type { Option } from './use-options.ts';

/** A menu of many options, which are looked for by typing. */
export function ComboElement(props: ElementProps & { options: readonly Option[] }) {
  const { element, field, name, options } = props;
  const { chosen, choose } = useChoice(props);
  const placeholder = words(element['placeholder']) || 'Choose an option';
  return (
    <ComboBox
      className="field"
      menuTrigger="focus"
      value={chosen[0] ?? null}
      onChange={(key) => key !== null && choose(String(key))}
      {...fieldProps(field, name || placeholder)}
    >
      <FieldLabel field={field} />
      <div className="picker">
        <Input className="picker-input" placeholder={placeholder} />
        <Button className="picker-open">
          <ChevronIcon />
        </Button>
        <ClearButton
          isShown={field?.isOptional === true && chosen.length > 0}
          clear={() => choose(null)}
        />
      </div>
      <FieldNotes field={field} />
      <Popover className="popover popover-wide">
        <OptionList options={options} />
      </Popover>
    </ComboBox>
  );
}
