import { Modal, ModalOverlay } from 'react-aria-components';
import { useSeen } from '../screen-context.tsx';
import { ModalView } from './modal-view.tsx';

/** The modal on top of the person's stack. Those below come back when it closes. */
export function ModalStack() {
  const { screen, acts } = useSeen();
  const top = screen.views.at(-1);
  const depth = screen.views.length;
  const closeAll = async (): Promise<void> => {
    for (let left = depth; left > 0; left -= 1) await acts.closeView();
  };
  return (
    <ModalOverlay
      className="overlay"
      isOpen={top !== undefined}
      onOpenChange={(isOpen) => !isOpen && void acts.closeView()}
    >
      <Modal className="modal">
        {top && (
          <ModalView key={top.id} view={top} depth={depth} closeAll={() => void closeAll()} />
        )}
      </Modal>
    </ModalOverlay>
  );
}
