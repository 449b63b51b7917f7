import { canonicalDigest } from '../canonical-digest.ts';
import { parseCheckpoint, type Checkpoint, type OpenRefusal } from '../checkpoint.ts';
import { sameBytes, type Digest } from '../digest.ts';
import type { EntryLine } from '../export/format.ts';
import { GrowingTree } from '../growing-tree.ts';
import { leafText } from '../leaf.ts';
import type { RecordedOf } from '../recorded-event.ts';
import { parseNote } from '../signed-note.ts';
import type { Findings } from './findings.ts';
import { LogKeys } from './log-keys.ts';
import type { VerificationSetup } from './pinned.ts';
import { Restores } from './restores.ts';

type Held = (note: string, size: number, index: number | null) => void;

/** Rebuilds the tree from its leaves and holds checkpoints against it. */
export class TreeCheck {
  readonly #findings: Findings;
  readonly #setup: VerificationSetup;
  readonly #held: Held;
  readonly #keys: LogKeys;
  readonly #savedSize: number | undefined;
  /** Why the saved checkpoint is not one of this log under its keys. */
  #savedRefusal: OpenRefusal | undefined;
  #origin = '';
  #savedSeen = false;
  /** A checkpoint of this log that it does not have. */
  #savedGone: Checkpoint | undefined;
  readonly #restores = new Restores();
  readonly #tree = new GrowingTree();

  /** @param held hears of each checkpoint that is of this log and of these very entries. */
  constructor(findings: Findings, setup: VerificationSetup, held: Held) {
    this.#held = held;
    this.#findings = findings;
    this.#setup = setup;
    this.#keys = new LogKeys(findings, setup);
    this.#savedSize = sizeOf(setup.savedCheckpoint);
  }

  /** The log that checkpoints must be of, and its first key: known once its first entry is read. */
  start(origin: string, logKey?: string): void {
    this.#origin = origin;
    if (logKey !== undefined) this.#keys.start(logKey);
  }

  /** Another log key from here on. */
  rotate(event: RecordedOf<'key.rotated'>, index: number): void {
    this.#keys.rotate(event, index, this.#origin);
  }

  /** An entry says that the log was longer once. */
  restored(event: RecordedOf<'log.restored'>, index: number): void {
    this.#restores.take(event, index, this.#findings);
  }

  get logKeys(): LogKeys {
    return this.#keys;
  }

  /** Whether the checkpoint saved earlier was found to be a prefix of this log. */
  get tailProved(): boolean {
    return this.#savedSeen && this.#keys.isWhole;
  }

  append(statement: Digest, { envelope, index }: EntryLine): void {
    this.#keys.passed();
    const signed = envelope.kind === 'service' ? envelope.digest : canonicalDigest(envelope.value);
    // Without a digest there is no leaf, and the tree cannot come out right.
    if (signed === undefined) {
      this.#findings.add('envelope-malformed', index);
      return;
    }
    this.#tree.append(leafText(statement, signed));
    if (this.#savedSize === this.#tree.size) this.#compareSaved();
  }

  /** The root before other entries came, for who vouches for the log within it. */
  rootBefore(size: number): Uint8Array | undefined {
    return this.#tree.rootBefore(size);
  }

  /** The root at the saved size, rebuilt from the entries, is the consistency proof. */
  #compareSaved(): void {
    // By now the log has named every key that can have signed it.
    const opened = this.#keys.openSaved(this.#setup.savedCheckpoint ?? '', this.#origin);
    if (!opened.ok) this.#savedRefusal = opened.code;
    else if (sameBytes(this.#tree.root, opened.value.root)) {
      this.#savedSeen = true;
      this.#held(this.#setup.savedCheckpoint ?? '', this.#tree.size, null);
    } else {
      this.#savedGone = opened.value;
      this.#findings.add('saved-root-differs', null, { found: opened.value.size });
    }
  }

  /** A checkpoint between entries, over those before it. */
  checkpoint(note: string): void {
    this.#hold(note, this.#tree.size - 1);
  }

  /** The checkpoint at the end of the export, and the one that was saved. */
  finish(note: string): void {
    const size = this.#hold(note, null);
    if (size !== undefined) this.#findings.detail('checkpoint', `${this.#origin}, ${size} entries`);
    const [, ...later] = this.#keys.line.named;
    for (const vkey of later) this.#findings.detail('checkpoint', `rotated to log key ${vkey}`);
    this.#consistency();
  }

  /** Holds a checkpoint against the entries so far; its size, if it is one of this log. */
  #hold(note: string, index: number | null): number | undefined {
    const { size } = this.#tree;
    const opened = this.#keys.open(note, this.#origin, index === null);
    if (!opened.ok) {
      this.#findings.add('checkpoint-refused', index, { found: opened.code });
      this.#findings.unproven('inclusion');
      return undefined;
    }
    const { size: expected, root } = opened.value;
    if (expected !== size) this.#findings.add('size-differs', index, { expected, found: size });
    else if (!sameBytes(this.#tree.root, root)) this.#findings.add('root-differs', index);
    else this.#held(note, size, index);
    return expected;
  }

  #consistency(): void {
    const { size } = this.#tree;
    const { savedCheckpoint } = this.#setup;
    const saved = this.#savedSize;
    this.#restores.close(this.#findings);
    const isReached = saved !== undefined && saved > 0 && saved <= size;
    if (savedCheckpoint !== undefined && !isReached) this.#openUnreached(savedCheckpoint);
    if (this.#savedRefusal !== undefined) {
      this.#findings.add('saved-checkpoint-refused', null, { found: this.#savedRefusal });
      return;
    }
    // A tree of no leaves is a prefix of every log, and so says nothing.
    if (saved === undefined || saved === 0)
      this.#findings.unproven(
        'consistency',
        'tail unproven: no checkpoint saved earlier was given',
      );
    else if (saved > size)
      this.#findings.add('saved-checkpoint-ahead', null, { expected: saved, found: size });
    else if (this.#savedSeen)
      this.#findings.detail('consistency', `grew from ${saved} entries to ${size}`);
    // A restore excuses nothing: whoever saved this knew entries that are gone.
    const claim = this.#savedGone === undefined ? null : this.#restores.claimOn(this.#savedGone);
    if (claim !== null) this.#findings.detail('consistency', claim);
  }

  /** One that no entry of this export reached, or that is none at all: is it of this log? */
  #openUnreached(savedCheckpoint: string): void {
    const opened = this.#keys.openSaved(savedCheckpoint, this.#origin);
    if (!opened.ok) this.#savedRefusal = opened.code;
    else if (opened.value.size > this.#tree.size) this.#savedGone = opened.value;
  }
}

/** What a checkpoint says of its size, before it is known who signed it. */
function sizeOf(note: string | undefined): number | undefined {
  const read = note === undefined ? undefined : parseNote(note);
  const checkpoint = read?.ok === true ? parseCheckpoint(read.value.text) : undefined;
  return checkpoint?.ok === true ? checkpoint.value.size : undefined;
}
