/**
 * Answers that are reused for a while, counted from when the question was asked. Questions asked at
 * once share one call; a call that failed is forgotten.
 */
export class FreshCache<T> {
  readonly #entries = new Map<string, { readonly askedAt: number; readonly answer: Promise<T> }>();
  readonly #maxAgeMs: number;
  readonly #clock: () => number;

  constructor(maxAgeMs: number, clock: () => number) {
    this.#maxAgeMs = maxAgeMs;
    this.#clock = clock;
  }

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const now = this.#clock();
    const found = this.#entries.get(key);
    if (found && now - found.askedAt < this.#maxAgeMs && now >= found.askedAt) return found.answer;
    this.#dropOld(now);
    const answer = ask();
    const entry = { askedAt: now, answer };
    this.#entries.set(key, entry);
    answer.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    return answer;
  }

  #dropOld(now: number): void {
    for (const [key, { askedAt }] of this.#entries) {
      if (now - askedAt >= this.#maxAgeMs || now < askedAt) this.#entries.delete(key);
    }
  }
}
