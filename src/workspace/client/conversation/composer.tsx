import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { Button } from 'react-aria-components';
import { BoltIcon, SendIcon, SlashIcon } from '../icons.tsx';
import { useSeen } from '../screen-context.tsx';
import { CommandMenu } from './command-menu.tsx';
import { ShortcutMenu } from './shortcut-menu.tsx';
import { useCommandMenu } from './use-command-menu.ts';
import { useSend } from './use-send.ts';

interface Props {
  /** Whom or what the message goes to, for the placeholder. */
  readonly to: string;
  readonly channel: string;
  readonly threadTs?: string;
  readonly text: string;
  readonly write: (text: string) => void;
}

/** Where one writes: Enter sends, Shift and Enter begin a new line, `/` offers the commands. */
export function Composer({ to, channel, threadTs, text, write }: Props) {
  const { commands = [] } = useSeen().screen.app ?? {};
  const listId = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const menu = useCommandMenu(threadTs === undefined ? commands : [], text, write);
  const { send, failure, isSending } = useSend({ channel, threadTs, text, write });
  const [refused, setRefused] = useState<string>();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (menu.onKey(event.key)) event.preventDefault();
    else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
  };
  const label = to === 'thread' ? 'Reply…' : `Message ${to}`;
  return (
    <div className="composer">
      {menu.isOpen && <CommandMenu id={listId} menu={menu} />}
      <div className="composer-frame">
        <textarea
          ref={box}
          rows={1}
          value={text}
          placeholder={label}
          aria-label={label}
          aria-autocomplete="list"
          aria-controls={menu.isOpen ? listId : undefined}
          aria-activedescendant={menu.isOpen ? `${listId}/${menu.active}` : undefined}
          onChange={({ target }) => write(target.value)}
          onKeyDown={onKeyDown}
        />
        <div className="composer-tools">
          {threadTs === undefined && (
            <ShortcutMenu
              label="Shortcuts"
              icon={<BoltIcon />}
              className="icon-button"
              tell={setRefused}
            />
          )}
          {threadTs === undefined && commands.length > 0 && (
            <Button
              className="icon-button"
              aria-label="Slash commands"
              onPress={() => {
                write('/');
                box.current?.focus();
              }}
            >
              <SlashIcon />
            </Button>
          )}
          <Button
            className="icon-button composer-send"
            aria-label="Send"
            isDisabled={text.trim() === '' || isSending}
            onPress={send}
          >
            <SendIcon />
          </Button>
        </div>
      </div>
      <p className="composer-note" role="status">
        {failure || refused}
      </p>
    </div>
  );
}
