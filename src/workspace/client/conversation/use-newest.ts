import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';

/** Nearer to the end than this is at the end: the person follows what comes. */
const NEAR_PX = 80;

/** Keeps a list at its newest entry while the person follows it; scrolled back, it stays there. */
export function useNewest(newest: string | undefined): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (follows.current) toEnd(list.current);
  }, [newest]);
  useEffect(() => {
    const element = list.current;
    if (!element) return undefined;
    const onScroll = (): void => {
      const { scrollHeight, scrollTop, clientHeight } = element;
      follows.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    };
    // What is inside grows after it was put there: blocks unfold, the window narrows.
    const grown = new ResizeObserver(() => {
      if (follows.current) toEnd(element);
    });
    element.addEventListener('scroll', onScroll);
    for (const child of [element, ...element.children]) grown.observe(child);
    return () => {
      element.removeEventListener('scroll', onScroll);
      grown.disconnect();
    };
  }, []);
  return list;
}

function toEnd(element: HTMLElement | null): void {
  if (element) element.scrollTop = element.scrollHeight;
}
