import type { App } from '@slack/bolt';
import { listen } from '#slack/listeners/listen';
import type { Dependencies } from '#slack/listeners/dependencies';

/** What the person sees of one act: the acknowledgement, and what was said in private. */
export interface Seen {
  readonly acknowledged: unknown[];
  readonly said: unknown[];
  readonly failed: string | null;
}

export interface RecordedListener {
  readonly kind: 'command' | 'action' | 'options' | 'view' | 'shortcut' | 'event';
  /** The command, action id, callback id or event. */
  readonly name: string;
  act(body: object): Promise<Seen>;
}

type Handler = (about: object) => Promise<void>;

/** Everything that the app listens to in Slack, as it registers it, to be called without Slack. */
export function recordedListeners(dependencies: Dependencies): readonly RecordedListener[] {
  const found: RecordedListener[] = [];
  const on =
    (kind: RecordedListener['kind']) =>
    (to: string | Named, handler: Handler): void => {
      const name = typeof to === 'string' ? to : to.callback_id;
      found.push({ kind, name, act: (body) => acted(handler, body) });
    };
  const registering = {
    command: on('command'),
    action: on('action'),
    options: on('options'),
    view: on('view'),
    shortcut: on('shortcut'),
    event: on('event'),
  };
  // Of Bolt's App the listeners use nothing but these; a new way would be no function here.
  listen(registering as unknown as App, dependencies);
  return found;
}

interface Named {
  readonly callback_id: string;
}

async function acted(handler: Handler, body: object): Promise<Seen> {
  const seen = { acknowledged: [] as unknown[], said: [] as unknown[], failed: null };
  const ack = async (answer?: unknown) => void seen.acknowledged.push(answer ?? null);
  const respond = async (answer: unknown) => void seen.said.push(answer);
  try {
    await handler({ body, ack, respond });
    return seen;
  } catch (error) {
    return { ...seen, failed: error instanceof Error ? error.name : 'no error' };
  }
}
