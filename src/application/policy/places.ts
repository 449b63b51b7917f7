import type { LineCounter } from 'yaml';
import type { Finding, Mistake, Path } from './mistake.ts';
import { pathText } from './mistake.ts';

/** Where each part of a document stands in its text. */
export class Places {
  readonly #offsets = new Map<string, { key: number; value: number }>();
  readonly #lines: LineCounter;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  set(path: Path, key: number, value: number): void {
    this.#offsets.set(JSON.stringify(path), { key, value });
  }

  /** A finding on something that is not there points at the key of what should hold it. */
  locate({ path, at, offset, message, remedy }: Finding): Mistake {
    const { line, col } = this.#lines.linePos(offset ?? this.#offsetOf(path, at));
    // An empty text has no first line in the counter.
    return {
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      path: pathText(path),
      message,
      remedy,
    };
  }

  #offsetOf(path: Path, at: Finding['at']): number {
    const exact = this.#offsets.get(JSON.stringify(path));
    if (exact !== undefined) return exact[at];
    for (let length = path.length - 1; length > 0; length -= 1) {
      const holder = this.#offsets.get(JSON.stringify(path.slice(0, length)));
      if (holder !== undefined) return holder.key;
    }
    return 0;
  }
}
