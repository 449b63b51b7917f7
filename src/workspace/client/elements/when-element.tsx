import { Input, TextField } from 'react-aria-components';
import { typeOf } from '../blocks/block-json.ts';
import { useReader } from '../screen-context.tsx';
import type { ElementProps } from './element-props.ts';
import { FieldLabel, FieldNotes, fieldProps } from './field-parts.tsx';
import { useChoice } from './use-choice.ts';
import { localTime, secondsOfLocal } from './local-time.ts';

const KINDS: { readonly [type: string]: string } = {
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
};

/** A date, a time, or both in the person's own zone. */
export function WhenElement(props: ElementProps) {
  const { element, field, name } = props;
  const { chosen, choose } = useChoice(props);
  const { tz } = useReader();
  const isInstant = typeOf(element) === 'datetimepicker';
  const standing = chosen[0] ?? '';
  const shown = isInstant && standing !== '' ? localTime(Number(standing), tz) : standing;
  const write = (text: string): void => {
    if (text === '') choose(null);
    else choose(isInstant ? secondsOfLocal(text, tz) : text);
  };
  return (
    <TextField
      className="field"
      value={shown}
      onChange={write}
      {...fieldProps(field, name || 'When')}
    >
      <FieldLabel field={field} />
      <div className="text-frame">
        <Input className="text-input" type={KINDS[typeOf(element)] ?? 'date'} />
      </div>
      <FieldNotes field={field} />
    </TextField>
  );
}
