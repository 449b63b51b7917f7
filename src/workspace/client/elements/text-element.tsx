import type { KeyboardEvent } from 'react';
import { Input, TextArea, TextField } from 'react-aria-components';
import type { BlockOnScreen } from '../../wire.ts';
import { isBlock, typeOf, words } from '../blocks/block-json.ts';
import { useFailure } from '../blocks/failure.tsx';
import { useSurface } from '../blocks/surface.tsx';
import { inputKey, type ElementProps } from './element-props.ts';
import { FieldLabel, FieldNotes, fieldProps } from './field-parts.tsx';
import { useDraft } from './use-draft.ts';

const KINDS: { readonly [type: string]: { readonly type: string; readonly inputMode: InputMode } } =
  {
    number_input: { type: 'text', inputMode: 'decimal' },
    email_text_input: { type: 'email', inputMode: 'email' },
    url_text_input: { type: 'url', inputMode: 'url' },
  };
type InputMode = 'text' | 'decimal' | 'email' | 'url';

/** Text of one line or several, a number, an address. */
export function TextElement(props: ElementProps) {
  const { element, field, name } = props;
  const draft = useDraft(props);
  const send = useDispatch(props);
  const isLong = element['multiline'] === true || typeOf(element) === 'rich_text_input';
  const kind = KINDS[typeOf(element)] ?? { type: 'text', inputMode: 'text' };
  const common = {
    className: 'text-input',
    placeholder: words(element['placeholder']),
    autoFocus: element['focus_on_load'] === true,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || isLong) return;
    // Where the app hears of Enter, Enter does not submit as well.
    if (send('on_enter_pressed', draft.text)) event.preventDefault();
  };
  const write = (text: string): void => {
    draft.write(text);
    send('on_character_entered', text);
  };
  return (
    <TextField
      className="field"
      value={draft.text}
      onChange={write}
      onFocusChange={draft.onFocusChange}
      {...fieldProps(field, name)}
    >
      <FieldLabel field={field} />
      <div className="text-frame">
        {isLong ? (
          <TextArea {...common} rows={4} />
        ) : (
          <Input {...common} {...kind} onKeyDown={onKeyDown} />
        )}
        <Counter element={element} length={draft.text.length} />
      </div>
      <FieldNotes field={field} />
    </TextField>
  );
}

/** How many characters are left, as Slack counts down; seen while typing, or when few are left. */
function Counter({ element, length }: { element: BlockOnScreen; length: number }) {
  const max = element['max_length'];
  if (typeof max !== 'number') return null;
  const left = max - length;
  const state = left < 0 ? ' counter-over' : left < max / 10 ? ' counter-near' : '';
  return (
    <span className={`counter${state}`} aria-hidden="true">
      {left}
    </span>
  );
}

type Trigger = 'on_enter_pressed' | 'on_character_entered';

/**
 * Tells the app of what is typed, where it asked to hear and at what it asked; false where it did
 * not. Slack's default is Enter alone.
 */
function useDispatch(props: ElementProps): (trigger: Trigger, text: string) => boolean {
  const surface = useSurface();
  const { tell } = useFailure();
  const config = props.element['dispatch_action_config'];
  const asked = isBlock(config) ? config['trigger_actions_on'] : undefined;
  const triggers: unknown[] = Array.isArray(asked) ? asked : ['on_enter_pressed'];
  const tells = props.block['dispatch_action'] === true;
  const start = async (text: string): Promise<void> => {
    const answer = await surface.change(inputKey(props), text);
    tell(answer.ok ? undefined : answer.shown);
  };
  return (trigger, text) => {
    if (!tells || !triggers.includes(trigger)) return false;
    void start(text);
    return true;
  };
}
