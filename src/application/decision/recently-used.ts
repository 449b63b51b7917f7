/** What was used last; what was not used for long is forgotten. */
export interface RecentlyUsed<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
}

/**
 * Keeps the `most` used last, and never more than twice as many: whatever is used again while it is among
 * those stays where it is. A map in the order of use would be written at each use, and all that lies in it
 * would be young again whenever the engine collects, which took longer than all else that is done with it.
 */
export function recentlyUsed<Key, Value>(most: number): RecentlyUsed<Key, Value> {
  let [newer, older] = [new Map<Key, Value>(), new Map<Key, Value>()];
  const set = (key: Key, value: Value): void => {
    newer.set(key, value);
    if (newer.size < most) return;
    older = newer;
    newer = new Map();
  };
  return {
    get(key) {
      const kept = newer.get(key);
      if (kept !== undefined) return kept;
      const before = older.get(key);
      if (before !== undefined) set(key, before);
      return before;
    },
    set,
    delete(key) {
      newer.delete(key);
      older.delete(key);
    },
  };
}
