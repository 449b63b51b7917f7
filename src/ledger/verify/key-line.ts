import type { FindingCode } from './words.ts';

/** What is wrong with a rotation, with the key that it should have named. */
export interface RotationFault {
  readonly code: Extract<FindingCode, 'rotation-from-wrong' | 'rotation-key-reused'>;
  readonly found: string;
  readonly expected: string | null;
}

/**
 * The keys of one purpose that a log names, in the order in which they came into force. Each signs
 * that the next one follows it, so a pin on any of them is a pin on all.
 */
export class KeyLine {
  readonly #pinned: readonly string[] | 'from-log';
  readonly #named: string[] = [];

  constructor(pinned: readonly string[] | 'from-log') {
    this.#pinned = pinned;
  }

  start(key: string): void {
    this.#named.push(key);
  }

  /** The key that signs now; `undefined` before the log named any. */
  get inForce(): string | undefined {
    return this.#named.at(-1);
  }

  /** All keys so far, the first one first. */
  get named(): readonly string[] {
    return this.#named;
  }

  /** Whether a pinned key is among those named so far, or among those that may still be. */
  isAnchored(announced: readonly string[] = []): boolean {
    const pinned = this.#pinned;
    if (pinned === 'from-log') return true;
    return [...this.#named, ...announced].some((key) => pinned.includes(key));
  }

  /** Takes the next key, even from a rotation that is wrong, so that one fault is told once. */
  rotate({ from, to }: { readonly from: string; readonly to: string }): readonly RotationFault[] {
    const expected = this.inForce ?? null;
    const faults: RotationFault[] = [];
    if (from !== expected) faults.push({ code: 'rotation-from-wrong', found: from, expected });
    if (this.#named.includes(to)) faults.push({ code: 'rotation-key-reused', found: to, expected });
    this.#named.push(to);
    return faults;
  }
}
