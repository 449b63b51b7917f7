import { Header, ListBox, ListBoxItem, ListBoxSection, Text } from 'react-aria-components';
import { CheckIcon } from '../icons.tsx';
import type { Option } from './use-options.ts';

/** The options of a menu, in their groups. */
export function OptionList({ options }: { options: readonly Option[] }) {
  const groups = [...new Set(options.map(({ group }) => group))];
  return (
    <ListBox className="menu" renderEmptyState={() => <p className="menu-empty">No results</p>}>
      {groups.map((group) => {
        const items = options.filter((option) => option.group === group).map(item);
        if (group === '') return items;
        return (
          <ListBoxSection key={group} id={`group/${group}`}>
            <Header className="menu-group">{group}</Header>
            {items}
          </ListBoxSection>
        );
      })}
    </ListBox>
  );
}

function item({ value, label, description }: Option) {
  return (
    <ListBoxItem key={value} id={value} className="menu-item" textValue={label}>
      <Text slot="label">{label}</Text>
      {description !== '' && (
        <Text slot="description" className="option-description">
          {description}
        </Text>
      )}
      <CheckIcon />
    </ListBoxItem>
  );
}
