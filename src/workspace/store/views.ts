import { carriedValues, initialValues, withIds } from '../block-kit/state-values.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import { generatedId, secretPart, type IdSequence } from '../ids.ts';
import { isJsonObject, textOf, type JsonObject } from '../json.ts';
import type { StoredView } from './view.ts';

/** One modal and two pushed on it (`views.push`: "limited to pushing 2 additional views"). */
export const VIEW_STACK_DEPTH = 3;

/** Whom a view is shown to, and for which installation of the app. */
export interface ViewOwner {
  userId: string;
  teamId: string;
  appId: string;
  botId: string;
}

/** What each person has open: a stack of modals and a Home tab. */
export class Views {
  readonly #stacks = new Map<string, StoredView[]>();
  readonly #homes = new Map<string, StoredView>();
  readonly #ids: IdSequence;
  readonly #clock: Clock;
  readonly #changes: Changes;

  constructor(ids: IdSequence, clock: Clock, changes: Changes) {
    this.#ids = ids;
    this.#clock = clock;
    this.#changes = changes;
  }

  stack(userId: string): readonly StoredView[] {
    return this.#stacks.get(userId) ?? [];
  }

  top(userId: string): StoredView | undefined {
    return this.stack(userId).at(-1);
  }

  home(userId: string): StoredView | undefined {
    return this.#homes.get(userId);
  }

  /** Opens a modal over whatever was open before. */
  open(owner: ViewOwner, view: JsonObject): StoredView {
    return this.#show(owner, this.#create(owner, view), []);
  }

  /** Pushes onto the person's stack, which the caller has checked for depth. */
  push(owner: ViewOwner, view: JsonObject): StoredView {
    const below = this.stack(owner.userId);
    const pushed = this.#create(owner, view);
    pushed.root_view_id = below[0]?.id ?? pushed.id;
    pushed.previous_view_id = below.at(-1)?.id ?? null;
    return this.#show(owner, pushed, below);
  }

  publish(owner: ViewOwner, view: JsonObject): StoredView {
    const before = this.#homes.get(owner.userId);
    const home = this.#create(owner, view);
    if (before) Object.assign(home, { id: before.id, root_view_id: before.id });
    this.#homes.set(owner.userId, home);
    this.#record({ kind: 'home_published', userId: owner.userId, view: home });
    return home;
  }

  /** Replaces what a view shows; inputs that stay keep what was entered. */
  update(userId: string, current: StoredView, view: JsonObject): StoredView {
    const next = this.#create(
      { userId, teamId: current.team_id, appId: current.app_id, botId: current.bot_id },
      view,
    );
    const { id, root_view_id, previous_view_id } = current;
    const values = carriedValues(current.state.values, next.blocks);
    Object.assign(current, next, { id, root_view_id, previous_view_id, state: { values } });
    this.#record({ kind: 'view_updated', userId, view: current });
    return current;
  }

  /** Closes the top view, or with `all` the whole stack; gives what is open then. */
  close(userId: string, { all = false } = {}): StoredView | undefined {
    const stack = this.stack(userId);
    const closed = all ? stack : stack.slice(-1);
    this.#stacks.set(userId, stack.slice(0, stack.length - closed.length));
    for (const view of closed.toReversed()) {
      this.#changes.record({ kind: 'view_closed', userId, viewId: view.id });
    }
    return this.top(userId);
  }

  /** An open view or Home tab by `view_id` or `external_id`. */
  find(by: { id?: string; externalId?: string }): { userId: string; view: StoredView } | undefined {
    const shown = [...this.#stacks, ...[...this.#homes].map(([u, v]) => [u, [v]] as const)];
    for (const [userId, views] of shown) {
      const view = views.find(
        (v) => v.id === by.id || (by.externalId !== undefined && v.external_id === by.externalId),
      );
      if (view) return { userId, view };
    }
    return undefined;
  }

  #show(owner: ViewOwner, view: StoredView, below: readonly StoredView[]): StoredView {
    this.#stacks.set(owner.userId, [...below, view]);
    this.#record({ kind: 'view_opened', userId: owner.userId, view });
    return view;
  }

  #create(owner: ViewOwner, view: JsonObject): StoredView {
    const id = this.#ids.next('V');
    const blocks = withIds((view['blocks'] ?? []) as JsonObject[], generatedId);
    return {
      id,
      team_id: owner.teamId,
      type: view['type'] === 'home' ? 'home' : 'modal',
      blocks,
      private_metadata: textOf(view['private_metadata']),
      callback_id: textOf(view['callback_id']),
      external_id: textOf(view['external_id']),
      state: { values: initialValues(blocks) },
      hash: `${Math.floor(this.#clock.now() / 1000)}.${secretPart(4)}`,
      title: textOr(view['title'], { type: 'plain_text', text: 'View Title', emoji: true }),
      close: textOr(view['close'], null),
      submit: textOr(view['submit'], null),
      clear_on_close: view['clear_on_close'] === true,
      notify_on_close: view['notify_on_close'] === true,
      root_view_id: id,
      previous_view_id: null,
      app_id: owner.appId,
      app_installed_team_id: owner.teamId,
      bot_id: owner.botId,
    };
  }

  #record(change: {
    kind: 'view_opened' | 'view_updated' | 'home_published';
    userId: string;
    view: StoredView;
  }): void {
    this.#changes.record({ ...change, view: structuredClone(change.view) });
  }
}

function textOr<T>(value: unknown, fallback: T): JsonObject | T {
  return isJsonObject(value) ? value : fallback;
}
