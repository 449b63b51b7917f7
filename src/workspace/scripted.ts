/** What was scripted, oldest first. Each call or payload takes at most one, and uses it up. */
export class Scripted<T extends { times?: number }> {
  #entries: { readonly what: T; left: number }[] = [];

  add(what: T): ScriptHandle {
    const entry = { what, left: what.times ?? 1 };
    this.#entries.push(entry);
    return {
      remaining: () => entry.left,
      cancel: () => {
        entry.left = 0;
      },
    };
  }

  take(meets: (what: T) => boolean): T | undefined {
    const entry = this.#entries.find(({ what, left }) => left > 0 && meets(what));
    if (!entry) return undefined;
    entry.left -= 1;
    this.#entries = this.#entries.filter(({ left }) => left > 0);
    return entry.what;
  }
}

/** Something scripted that was put in place. */
export interface ScriptHandle {
  /** How many it will still meet. */
  remaining(): number;
  cancel(): void;
}
