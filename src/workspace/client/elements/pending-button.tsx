import type { ReactNode } from 'react';
import { Button, type ButtonProps } from 'react-aria-components';

interface Props extends Omit<ButtonProps, 'children' | 'isPending'> {
  readonly isPending: boolean;
  readonly children: ReactNode;
}

/**
 * A button that waits for the app. It keeps the focus and its size meanwhile, and takes no press.
 * (The component's own `isPending` leaves an announcement behind whose label is gone.)
 */
export function PendingButton({ isPending, children, onPress, ...rest }: Props) {
  const pressed: ButtonProps['onPress'] = (event) => {
    if (!isPending) onPress?.(event);
  };
  return (
    <Button {...rest} onPress={pressed} data-pending={isPending || undefined}>
      <span className={isPending ? 'button-text button-text-hidden' : 'button-text'}>
        {children}
      </span>
      {isPending && (
        <span className="spinner" role="progressbar" aria-label="Waiting for the app" />
      )}
    </Button>
  );
}
