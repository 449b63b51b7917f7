import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
} from 'react-aria-components';

interface ChoiceProps {
  readonly label: string;
  readonly options: readonly {
    readonly id: string;
    readonly text: string;
    readonly note?: string;
  }[];
  readonly value: string;
  readonly onChange: (id: string) => void;
  /** The label is read out and not shown. */
  readonly quiet?: boolean;
}

export function Choice({ label, options, value, onChange, quiet = false }: ChoiceProps) {
  return (
    <Select
      className={quiet ? 'choice choice-quiet' : 'choice'}
      value={value}
      onChange={(key) => key !== null && onChange(String(key))}
      {...(quiet ? { 'aria-label': label } : {})}
    >
      {!quiet && <Label>{label}</Label>}
      <Button className="choice-button">
        <SelectValue className="choice-value" />
        <span aria-hidden="true" className="chevron" />
      </Button>
      <Popover className="popover">
        <ListBox className="options" items={options}>
          {({ id, text, note }) => (
            <ListBoxItem id={id} className="option" textValue={text}>
              <span>{text}</span>
              {note !== undefined && <small>{note}</small>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
