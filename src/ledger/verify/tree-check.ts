import { canonicalDigest } from '../canonical-digest.ts';
import type { Checkpoint, OpenRefusal } from '../checkpoint.ts';
import { appendLeaves, EMPTY_FRONTIER, rootOfFrontier, type Frontier } from '../compact-range.ts';
import { sameBytes, type Digest } from '../digest.ts';
import type { ExportedEntry } from '../export/format.ts';
import { leafBytes } from '../leaf.ts';
import { leafHash } from '../merkle.ts';
import { openPinned } from './checkpoint-check.ts';
import type { Findings } from './findings.ts';
import type { VerificationSetup } from './pinned.ts';

/** Rebuilds the tree from its leaves, keeping its peaks alone, and holds checkpoints against it. */
export class TreeCheck {
  readonly #findings: Findings;
  readonly #setup: VerificationSetup;
  #origin = '';
  #saved: Checkpoint | undefined;
  /** Why the saved checkpoint is not one of this log and key. */
  #savedRefusal: OpenRefusal | undefined;
  #frontier: Frontier = EMPTY_FRONTIER;
  #savedSeen = false;

  constructor(findings: Findings, setup: VerificationSetup) {
    this.#findings = findings;
    this.#setup = setup;
  }

  /** The log that checkpoints must be of: known once its first entry is read. */
  start(origin: string): void {
    this.#origin = origin;
    const { savedCheckpoint, keys } = this.#setup;
    if (savedCheckpoint === undefined) return;
    const opened = openPinned(savedCheckpoint, origin, keys);
    if (opened.ok) this.#saved = opened.value;
    else this.#savedRefusal = opened.code;
  }

  /** Whether the checkpoint saved earlier was found to be a prefix of this log. */
  get tailProved(): boolean {
    return this.#savedSeen;
  }

  append(statement: Digest, { envelope, index }: ExportedEntry): void {
    const signed = canonicalDigest(envelope);
    // Without a digest there is no leaf, and the tree cannot come out right.
    if (signed === undefined) {
      this.#findings.add('envelope-malformed', index);
      return;
    }
    const leaf = leafHash(leafBytes(statement, signed));
    this.#frontier = appendLeaves(this.#frontier, [leaf]).frontier;
    if (this.#saved === undefined || this.#saved.size !== this.#frontier.size) return;
    // The root at the saved size, rebuilt from the entries, is the consistency proof.
    const same = sameBytes(rootOfFrontier(this.#frontier), this.#saved.root);
    if (same) this.#savedSeen = true;
    else this.#findings.add('saved-root-differs', null, { found: this.#saved.size });
  }

  /** The checkpoint at the end of the export, and the one that was saved. */
  finish(note: string): void {
    this.#checkpoint(note);
    this.#consistency();
  }

  #checkpoint(note: string): void {
    const { size } = this.#frontier;
    const opened = openPinned(note, this.#origin, this.#setup.keys);
    if (!opened.ok) {
      this.#findings.add('checkpoint-refused', null, { found: opened.code });
      this.#findings.unproven('inclusion');
      return;
    }
    const { size: expected, root } = opened.value;
    if (expected !== size) this.#findings.add('size-differs', null, { expected, found: size });
    else if (!sameBytes(rootOfFrontier(this.#frontier), root))
      this.#findings.add('root-differs', null);
    this.#findings.detail('checkpoint', `${this.#origin}, ${expected} entries`);
  }

  #consistency(): void {
    const { size } = this.#frontier;
    const saved = this.#saved;
    if (this.#savedRefusal !== undefined) {
      this.#findings.add('saved-checkpoint-refused', null, { found: this.#savedRefusal });
      return;
    }
    // A tree of no leaves is a prefix of every log, and so says nothing.
    if (saved === undefined || saved.size === 0)
      this.#findings.unproven(
        'consistency',
        'tail unproven: no checkpoint saved earlier was given',
      );
    else if (saved.size > size)
      this.#findings.add('saved-checkpoint-ahead', null, { expected: saved.size, found: size });
    else if (this.#savedSeen)
      this.#findings.detail('consistency', `grew from ${saved.size} entries to ${size}`);
  }
}
