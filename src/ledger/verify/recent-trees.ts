import { rootOfFrontier, type Frontier } from '../compact-range.ts';

/** How many entries may be appended while the workload's signature over a head is obtained. */
const KEPT = 1_024;

/** The last trees that a log was, by their sizes; older ones are forgotten, so memory stays flat. */
export class RecentTrees {
  readonly #frontiers: Frontier[] = [];

  /** A tree that is about to grow. */
  keep(frontier: Frontier): void {
    this.#frontiers[frontier.size % KEPT] = frontier;
  }

  /** The root of the first `size` entries; `undefined` for a tree that is not kept. */
  rootAt(size: number): Uint8Array | undefined {
    const frontier = this.#frontiers[size % KEPT];
    return frontier?.size === size ? rootOfFrontier(frontier) : undefined;
  }
}
