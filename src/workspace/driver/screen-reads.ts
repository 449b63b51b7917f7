/** How far each person has read each conversation. Kept in memory, as everything here is. */
export class ReadMarks {
  readonly #marks = new Map<string, string>();
  readonly #listeners = new Set<(userId: string) => void>();

  /** The timestamp of the last message the person has read there; empty if none. */
  of(userId: string, channelId: string): string {
    return this.#marks.get(`${userId}/${channelId}`) ?? '';
  }

  /** Marks everything up to `ts` as read. Never goes back: two windows may tell out of order. */
  mark(userId: string, channelId: string, ts: string): void {
    if (Number(ts) <= Number(this.of(userId, channelId))) return;
    this.#marks.set(`${userId}/${channelId}`, ts);
    for (const listener of this.#listeners) listener(userId);
  }

  /** Calls the listener whenever somebody has read on; gives the function that ends it. */
  subscribe(listener: (userId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
