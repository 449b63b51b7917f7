import { useEffect, useRef, useState } from 'react';
import { useSurface } from '../blocks/surface.tsx';
import { actionIdOf, blockIdOf, inputKey, type ElementProps } from './element-props.ts';
import { typedIn } from './state-value.ts';

export interface Draft {
  readonly text: string;
  readonly write: (text: string) => void;
  readonly onFocusChange: (isFocused: boolean) => void;
}

/** What is being typed. What the workspace says stands there shows unless the person is typing. */
export function useDraft(props: ElementProps): Draft {
  const surface = useSurface();
  const standing = typedIn(surface.values[blockIdOf(props.block)]?.[actionIdOf(props.element)]);
  const [text, setText] = useState(standing);
  const isFocused = useRef(false);
  useEffect(() => {
    if (!isFocused.current) setText(standing);
  }, [standing]);
  const key = inputKey(props);
  const write = (next: string): void => {
    setText(next);
    surface.type(key, next);
  };
  return {
    text,
    write,
    onFocusChange(now) {
      isFocused.current = now;
    },
  };
}
