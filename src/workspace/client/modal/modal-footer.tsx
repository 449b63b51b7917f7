import { Button } from 'react-aria-components';
import type { ViewOnScreen } from '../../wire.ts';
import { PendingButton } from '../elements/pending-button.tsx';
import { WarningIcon } from '../icons.tsx';

interface Props {
  readonly view: ViewOnScreen;
  readonly isSubmitting: boolean;
  readonly failure: string | undefined;
  readonly close: () => void;
}

/** Close and submit, and above them why the last submission failed. */
export function ModalFooter({ view, isSubmitting, failure, close }: Props) {
  return (
    <>
      <div className="failure-room" role="alert">
        {failure !== undefined && (
          <p className="failure failure-banner">
            <WarningIcon />
            {failure}
          </p>
        )}
      </div>
      <footer className="dialog-footer">
        <Button className="button" onPress={close}>
          {view.close ?? (view.submit === null ? 'Close' : 'Cancel')}
        </Button>
        {view.submit !== null && (
          <PendingButton type="submit" className="button button-primary" isPending={isSubmitting}>
            {view.submit}
          </PendingButton>
        )}
      </footer>
    </>
  );
}
