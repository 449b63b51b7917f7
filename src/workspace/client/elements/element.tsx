import { typeOf } from '../blocks/block-json.ts';
import { ButtonElement } from './button-element.tsx';
import { CheckboxesElement } from './checkboxes-element.tsx';
import { ComboElement } from './combo-element.tsx';
import type { ElementProps } from './element-props.ts';
import { FeedbackElement } from './feedback-element.tsx';
import { MenuElement } from './menu-element.tsx';
import { MultiMenuElement } from './multi-menu-element.tsx';
import { OverflowElement } from './overflow-element.tsx';
import { RadioElement } from './radio-element.tsx';
import { TextElement } from './text-element.tsx';
import { UnavailableElement } from './unavailable-element.tsx';
import { useOptions } from './use-options.ts';
import { WhenElement } from './when-element.tsx';

/** More options than this are looked for by typing. */
const FEW = 8;

/** An element that a person acts on. */
export function Element(props: ElementProps) {
  switch (typeOf(props.element)) {
    case 'button':
    case 'workflow_button':
    case 'icon_button':
      return <ButtonElement {...props} />;
    case 'overflow':
      return <OverflowElement {...props} />;
    case 'feedback_buttons':
      return <FeedbackElement {...props} />;
    case 'radio_buttons':
      return <RadioElement {...props} />;
    case 'checkboxes':
      return <CheckboxesElement {...props} />;
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'rich_text_input':
      return <TextElement {...props} />;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return <WhenElement {...props} />;
    case 'static_select':
    case 'users_select':
    case 'channels_select':
    case 'conversations_select':
      return <SingleChoice {...props} />;
    case 'multi_static_select':
    case 'multi_users_select':
    case 'multi_channels_select':
    case 'multi_conversations_select':
      return <MultiMenuElement {...props} />;
    default:
      return <UnavailableElement {...props} />;
  }
}

function SingleChoice(props: ElementProps) {
  const options = useOptions(props.element);
  return options.length > FEW ? (
    <ComboElement {...props} options={options} />
  ) : (
    <MenuElement {...props} options={options} />
  );
}
