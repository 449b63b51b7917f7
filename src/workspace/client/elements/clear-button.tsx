import { Button } from 'react-aria-components';
import { CloseIcon } from '../icons.tsx';

/** Takes back what is chosen, where nothing need be. */
export function ClearButton({ isShown, clear }: { isShown: boolean; clear: () => void }) {
  if (!isShown) return null;
  return (
    <Button slot={null} className="picker-clear" aria-label="Clear" onPress={clear}>
      <CloseIcon />
    </Button>
  );
}
