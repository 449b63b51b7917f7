import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { BlockOnScreen } from '../../wire.ts';
import { words } from '../blocks/block-json.ts';
import { TextObject } from '../text/text-object.tsx';

type Ask = (dialog: BlockOnScreen) => Promise<boolean>;
interface Asked {
  readonly dialog: BlockOnScreen;
  readonly answer: (confirmed: boolean) => void;
}

const ConfirmContext = createContext<Ask>(() => Promise.resolve(true));

/** Asks the person with one of Block Kit's confirmation dialogs. */
export const useConfirm = (): Ask => useContext(ConfirmContext);

/** Gives everything inside a place where confirmation dialogs open. */
export function WithConfirm({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked>();
  const ask = useCallback<Ask>((dialog) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const answer = (confirmed: boolean): void => {
      setAsked(undefined);
      resolve(confirmed);
    };
    setAsked({ dialog, answer });
    return promise;
  }, []);
  return (
    <ConfirmContext value={ask}>
      {children}
      {asked && <ConfirmDialog {...asked} />}
    </ConfirmContext>
  );
}

function ConfirmDialog({ dialog, answer }: Asked) {
  const style = dialog['style'] === 'danger' ? 'danger' : 'primary';
  return (
    <ModalOverlay className="overlay" isOpen onOpenChange={(isOpen) => !isOpen && answer(false)}>
      <Modal className="confirm">
        <Dialog role="alertdialog" className="dialog">
          <header className="dialog-header">
            <Heading slot="title">{words(dialog['title'])}</Heading>
          </header>
          <div className="dialog-body">
            <TextObject text={dialog['text']} />
          </div>
          <footer className="dialog-footer">
            <Button className="button" onPress={() => answer(false)}>
              {words(dialog['deny'])}
            </Button>
            <Button className={`button button-${style}`} autoFocus onPress={() => answer(true)}>
              {words(dialog['confirm'])}
            </Button>
          </footer>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
