import { useEffect, useRef, useState } from 'react';
import type { WorkspaceView } from '../wire.ts';
import { useKept } from './use-kept.ts';

/** What a window of the workspace shows; what is left out stays as it is. */
export interface Shown {
  readonly as?: string;
  readonly channel?: string;
  readonly compose?: string;
}

export interface SlackWindow {
  readonly id: number;
  /** The address it was opened with; from then on it is steered. */
  readonly src: string;
  readonly as: string;
}

export interface Windows {
  readonly all: readonly SlackWindow[];
  /** The client's frame, once it is there. */
  frame(id: number, element: HTMLIFrameElement | null): void;
  /** Steers one window, or else the one of that person, or else the first. */
  show(what: Shown, id?: number): void;
  add(as: string): void;
  close(id: number): void;
}

export function addressOf({ origin }: WorkspaceView, { as, channel, compose }: Shown): string {
  const query = new URLSearchParams();
  if (as !== undefined) query.set('as', as);
  if (channel !== undefined) query.set('channel', channel);
  if (compose !== undefined && compose !== '') query.set('compose', compose);
  return `${origin}/client/?${query.toString()}`;
}

/** The windows of the embedded workspace, each as one person. */
export function useWindows(workspace: WorkspaceView): Windows {
  const { origin, incidents, people } = workspace;
  const opened = (id: number, as: string): SlackWindow => ({
    id,
    as,
    src: addressOf(workspace, { as, channel: incidents }),
  });
  const [kept, keep] = useKept<readonly string[]>(`windows ${origin}`, [people[0]?.id ?? '']);
  const [all, setAll] = useState(() => kept.map((as, index) => opened(index + 1, as)));
  useEffect(() => keep(all.map(({ as }) => as)), [all, keep]);
  const frames = useRef(new Map<number, HTMLIFrameElement>());
  const ready = useRef(new Set<number>());
  const put = (id: number, change: Partial<SlackWindow>): void =>
    setAll((before) => before.map((one) => (one.id === id ? { ...one, ...change } : one)));

  useEffect(() => {
    const hear = (event: MessageEvent<unknown>): void => {
      if (event.origin !== origin) return;
      const { type, as } = Object(event.data) as { type?: unknown; as?: unknown };
      if (type !== 'workspace:at') return;
      for (const [id, frame] of frames.current) {
        if (frame.contentWindow !== event.source) continue;
        ready.current.add(id);
        if (typeof as === 'string') put(id, { as });
      }
    };
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, [origin]);

  return {
    all,
    frame(id, element) {
      if (element === null) frames.current.delete(id);
      else frames.current.set(id, element);
    },
    show(what, id) {
      const found =
        all.find((one) => (id === undefined ? one.as === what.as : one.id === id)) ?? all[0];
      if (found === undefined) return;
      const as = what.as ?? found.as;
      // A client that has not spoken yet would not hear: it gets a new address instead.
      if (!ready.current.has(found.id))
        return put(found.id, { as, src: addressOf(workspace, { ...what, as }) });
      put(found.id, { as });
      const to = frames.current.get(found.id)?.contentWindow;
      to?.postMessage({ type: 'workspace:show', ...what }, origin);
    },
    add: (as) =>
      setAll((before) => [...before, opened(Math.max(0, ...before.map((one) => one.id)) + 1, as)]),
    close(id) {
      ready.current.delete(id);
      setAll((before) => before.filter((one) => one.id !== id));
    },
  };
}
