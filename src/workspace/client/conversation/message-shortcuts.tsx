import { useFailure } from '../blocks/failure.tsx';
import { DotsIcon } from '../icons.tsx';
import { ShortcutMenu } from './shortcut-menu.tsx';

/** What the app offers to do with one message. What goes wrong is said under it. */
export function MessageShortcuts({ channel, ts }: { channel: string; ts: string }) {
  const { tell } = useFailure();
  return (
    <ShortcutMenu
      at={{ channel, ts }}
      label="More actions on this message"
      icon={<DotsIcon />}
      className="icon-button message-shortcuts"
      tell={tell}
    />
  );
}
