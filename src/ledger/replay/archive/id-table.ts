import { textHash } from './text-hash.ts';
import { WordTable } from './word-table.ts';

/**
 * Finds what has an id, without keeping the id: some 11 bytes each, by a hash of it. Whether what is
 * found is the right one, whoever keeps it says; so hashes that are the same cost time and no more.
 */
export class IdTable {
  readonly #table = new WordTable();
  // Drawn anew for each table, so that nobody can write a log whose ids all fall on one slot.
  readonly #seed = Math.floor(Math.random() * 2 ** 32);

  add(id: string, number: number): void {
    this.#table.add(textHash(id, this.#seed), number);
  }

  /** The number that was added with this id, by what `hasId` says of those that can be it. */
  find(id: string, hasId: (number: number, id: string) => boolean): number | undefined {
    return this.#table.find(textHash(id, this.#seed), (number) => hasId(number, id));
  }
}
