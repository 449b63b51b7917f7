import { useState } from 'react';
import { useConfirm } from '../frame/confirm.tsx';
import { useFailure } from '../blocks/failure.tsx';
import { useSurface } from '../blocks/surface.tsx';
import { isBlock } from '../blocks/block-json.ts';
import { actionIdOf, blockIdOf, type ElementProps } from './element-props.ts';

/** Presses an element: asks first where it has a dialog, then waits for the app to take it. */
export function usePress({ block, element }: ElementProps): {
  readonly isPending: boolean;
  readonly press: (value?: string) => void;
} {
  const surface = useSurface();
  const confirm = useConfirm();
  const { tell } = useFailure();
  const [isPending, setPending] = useState(false);
  const start = async (value: string | undefined): Promise<void> => {
    if (isBlock(element['confirm']) && !(await confirm(element['confirm']))) return;
    setPending(true);
    tell(undefined);
    const answer = await surface.press({
      actionId: actionIdOf(element),
      blockId: blockIdOf(block),
      ...(value !== undefined && { value }),
    });
    setPending(false);
    if (!answer.ok) tell(answer.shown);
  };
  return { isPending, press: (value) => void start(value) };
}
