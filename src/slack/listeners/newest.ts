/**
 * Which change of an open form is its newest here. An answer to an older change must not replace
 * the one to a newer; between replicas only `hash` guards, and submitting judges anew.
 */
export class Newest {
  readonly #numbers = new Map<string, number>();
  #count = 0;

  /** Runs the work, which can ask whether a newer one began for the same key. */
  async run(key: string, work: (isNewest: () => boolean) => Promise<void>): Promise<void> {
    this.#count += 1;
    const number = this.#count;
    this.#numbers.set(key, number);
    const isNewest = () => this.#numbers.get(key) === number;
    try {
      await work(isNewest);
    } finally {
      if (isNewest()) this.#numbers.delete(key);
    }
  }
}
