import type { DeliveryRecord } from './delivery/delivery.ts';
import type { Message } from './store/message.ts';
import type { StoredView } from './store/view.ts';

/** What happened in the workspace, as somebody could see it happen. */
export type ChangeDetail =
  | { kind: 'message_posted'; message: Message }
  | { kind: 'message_updated'; message: Message }
  | { kind: 'message_deleted'; channel: string; ts: string }
  | { kind: 'view_opened'; userId: string; view: StoredView }
  | { kind: 'view_updated'; userId: string; view: StoredView }
  | { kind: 'view_closed'; userId: string; viewId: string }
  | { kind: 'home_published'; userId: string; view: StoredView }
  | { kind: 'delivery'; delivery: DeliveryRecord }
  | { kind: 'socket_connected'; connections: number }
  | { kind: 'socket_closed'; connections: number };

export type WorkspaceChange = ChangeDetail & {
  /** Counts up from 1 without gaps. */
  seq: number;
  /** Milliseconds since the Unix epoch. */
  at: number;
};

/** A wait ended before what it waited for came about. */
export class WaitTimedOut extends Error {
  override name = 'WaitTimedOut';
  readonly code = 'wait_timed_out';
}

export interface WaitOptions {
  /** How long to wait, in milliseconds; 30 000 if absent. */
  timeoutMs?: number;
}

type Listener = (change: WorkspaceChange) => void;

/** The feed of everything that happens. Waiting on it needs no polling. */
export class Changes {
  readonly #now: () => number;
  readonly #history: WorkspaceChange[] = [];
  readonly #listeners = new Set<Listener>();

  constructor(now: () => number) {
    this.#now = now;
  }

  record(detail: ChangeDetail): void {
    const change = { ...detail, seq: this.#history.length + 1, at: this.#now() };
    this.#history.push(change);
    for (const listener of this.#listeners) listener(change);
  }

  /** All changes after the one numbered `seq`, oldest first. */
  since(seq = 0): WorkspaceChange[] {
    return this.#history.slice(seq);
  }

  /** Calls the listener on each change from now on; gives the function that ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The first thing that `look` finds, now or after any later change.
   * @throws WaitTimedOut when nothing was found within `timeoutMs`.
   */
  waitUntil<T>(look: () => T | undefined, options: WaitOptions = {}): Promise<T> {
    const already = look();
    if (already !== undefined) return Promise.resolve(already);
    return this.#wait(look, options);
  }

  /**
   * The first change after `afterSeq` (by default: from now on) for which `predicate` holds.
   * @throws WaitTimedOut
   */
  waitFor(
    predicate: (change: WorkspaceChange) => boolean,
    options: WaitOptions & { afterSeq?: number } = {},
  ): Promise<WorkspaceChange> {
    const from = options.afterSeq ?? this.#history.length;
    return this.waitUntil(() => this.#history.slice(from).find(predicate), options);
  }

  #wait<T>(look: () => T | undefined, { timeoutMs = 30_000 }: WaitOptions): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = setTimeout(() => {
      reject(new WaitTimedOut(`Nothing that was waited for happened within ${timeoutMs} ms.`));
    }, timeoutMs);
    const stop = this.subscribe(() => {
      try {
        const found = look();
        if (found !== undefined) resolve(found);
      } catch (error) {
        // A predicate that throws is the waiter's fault and must reach the waiter, not the poster.
        reject(error);
      }
    });
    return promise.finally(() => {
      clearTimeout(timer);
      stop();
    });
  }
}
