import type { PlainValue } from '../acts.ts';
import { useFailure } from '../blocks/failure.tsx';
import { isBlock } from '../blocks/block-json.ts';
import { useSurface } from '../blocks/surface.tsx';
import { useConfirm } from '../frame/confirm.tsx';
import { actionIdOf, blockIdOf, inputKey, type ElementProps } from './element-props.ts';
import { chosenIn } from './state-value.ts';
import { useState } from 'react';

/** What is chosen in an element, and how to choose. */
export interface Choice {
  /** Values of options, or ids; empty if nothing is chosen. */
  readonly chosen: readonly string[];
  readonly choose: (value: PlainValue) => void;
}

/** What is chosen shows at once; the workspace's word follows and counts. */
export function useChoice(props: ElementProps): Choice {
  const { block, element } = props;
  const surface = useSurface();
  const confirm = useConfirm();
  const { tell } = useFailure();
  const [awaited, setAwaited] = useState<readonly string[]>();
  const standing = chosenIn(surface.values[blockIdOf(block)]?.[actionIdOf(element)]);
  const start = async (value: PlainValue): Promise<void> => {
    if (isBlock(element['confirm']) && !(await confirm(element['confirm']))) return;
    setAwaited(value === null ? [] : [value].flat().map(String));
    tell(undefined);
    const answer = await surface.change(inputKey(props), value);
    setAwaited(undefined);
    if (!answer.ok) tell(answer.shown);
  };
  return { chosen: awaited ?? standing, choose: (value) => void start(value) };
}
