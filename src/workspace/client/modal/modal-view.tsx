import { Button, Dialog, Heading } from 'react-aria-components';
import type { ViewOnScreen } from '../../wire.ts';
import { Avatar } from '../avatar.tsx';
import { Blocks } from '../blocks/blocks.tsx';
import { WithFailure } from '../blocks/failure.tsx';
import { SurfaceContext } from '../blocks/surface.tsx';
import { Boundary } from '../frame/boundary.tsx';
import { BackIcon, CloseIcon } from '../icons.tsx';
import { usePerson, useSeen } from '../screen-context.tsx';
import { ModalFooter } from './modal-footer.tsx';
import { useFocusOnError } from './use-focus-on-error.ts';
import { useModal } from './use-modal.ts';

/** A modal: title, blocks, and the buttons under them. */
export function ModalView(props: { view: ViewOnScreen; depth: number; closeAll: () => void }) {
  const { view, depth, closeAll } = props;
  const { acts, screen } = useSeen();
  const bot = usePerson(screen.app?.botUserId ?? '');
  const { surface, submit, isSubmitting, failure } = useModal(view);
  const form = useFocusOnError(surface.errors);
  return (
    <Dialog className="dialog">
      <header className="dialog-header">
        {depth > 1 && (
          <Button className="icon-button" aria-label="Back" onPress={() => void acts.closeView()}>
            <BackIcon />
          </Button>
        )}
        {depth === 1 && <Avatar person={bot} size="small" />}
        <Heading slot="title">{view.title}</Heading>
        <Button slot={null} className="icon-button" aria-label="Close" onPress={closeAll}>
          <CloseIcon />
        </Button>
      </header>
      <form
        ref={form}
        className="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="dialog-body" role="region" aria-label={view.title} tabIndex={0}>
          <SurfaceContext value={surface}>
            <WithFailure>
              <Boundary of={view} instead="This form cannot be shown.">
                <Blocks blocks={view.blocks} />
              </Boundary>
            </WithFailure>
          </SurfaceContext>
        </div>
        <ModalFooter
          view={view}
          isSubmitting={isSubmitting}
          failure={failure}
          close={() => void acts.closeView()}
        />
      </form>
    </Dialog>
  );
}
