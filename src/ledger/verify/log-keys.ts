import type { Checkpoint, OpenRefusal } from '../checkpoint.ts';
import { noteVerifierFromVkey, type NoteVerifier } from '../note-key.ts';
import type { RecordedOf } from '../recorded-event.ts';
import { refused, type Result } from '../result.ts';
import { openPinned } from './checkpoint-check.ts';
import type { Findings } from './findings.ts';
import { KeyLine } from './key-line.ts';
import type { VerificationSetup } from './pinned.ts';

interface Rotation {
  readonly index: number;
  readonly from: string;
  readonly to: string;
}

/** Why a note is no checkpoint under the keys that may sign it here. */
export type CheckpointRefused = OpenRefusal | 'key-not-in-force';

/**
 * The log's keys, one after the other. A rotation holds if the checkpoint directly behind its entry
 * is signed by both keys: the old one vouches for its successor, and the new one for all before it.
 */
export class LogKeys {
  readonly #findings: Findings;
  readonly #setup: VerificationSetup;
  readonly #line: KeyLine;
  readonly #verifiers = new Map<string, NoteVerifier>();
  /** Its checkpoint has not come yet. */
  #awaited: Rotation | undefined;
  #isBroken = false;

  constructor(findings: Findings, setup: VerificationSetup) {
    this.#findings = findings;
    this.#setup = setup;
    this.#line = new KeyLine(setup.pinned.logKeys);
    for (const [place, vkey] of [...new Set(setup.pinned.logKeys)].entries()) {
      const verifier = setup.keys[place];
      if (verifier !== undefined) this.#verifiers.set(vkey, verifier);
    }
  }

  start(vkey: string): void {
    this.#line.start(vkey);
    this.#read(vkey);
  }

  get line(): KeyLine {
    return this.#line;
  }

  /** Whether every rotation so far held. */
  get isWhole(): boolean {
    return !this.#isBroken && this.#awaited === undefined;
  }

  rotate({ from, to }: RecordedOf<'key.rotated'>, index: number, origin: string): void {
    for (const { code, ...about } of this.#line.rotate({ from, to }))
      this.#wrong(code, index, about);
    if (!this.#read(to) || this.#verifiers.get(to)?.name !== origin)
      this.#wrong('rotation-key-unreadable', index, { found: to });
    this.#awaited = { index, from, to };
  }

  /** Another entry, or the end: the checkpoint of a rotation stands directly behind it. */
  passed(): void {
    if (this.#awaited !== undefined)
      this.#wrong('rotation-checkpoint-missing', this.#awaited.index, {});
    this.#awaited = undefined;
  }

  /** Opens a checkpoint at its place in the log: by the key in force, or by both at a rotation. */
  open(note: string, origin: string, isLast: boolean): Result<Checkpoint, CheckpointRefused> {
    const rotation = this.#awaited;
    this.#awaited = undefined;
    if (rotation !== undefined) return this.#openBoth(note, origin, rotation);
    const { inForce } = this.#line;
    const { keys } = this.#setup;
    // A key that nobody pinned signs nothing; between entries, a later one may still be pinned.
    if (inForce === undefined || (isLast && !this.#line.isAnchored()))
      return openPinned(note, origin, keys);
    const opened = openPinned(note, origin, this.#verifiersOf([inForce]));
    const isFormer = !opened.ok && opened.code === 'no-known-key' && this.#line.named.length > 1;
    return isFormer ? refused('key-not-in-force') : opened;
  }

  /** A checkpoint that was saved earlier may be under any key so far: the entries are compared. */
  openSaved(note: string, origin: string): Result<Checkpoint, OpenRefusal> {
    const named = this.#verifiersOf(this.#line.named);
    return openPinned(note, origin, [...new Set([...this.#setup.keys, ...named])]);
  }

  #openBoth(
    note: string,
    origin: string,
    { index, from, to }: Rotation,
  ): Result<Checkpoint, OpenRefusal> {
    let opened: Result<Checkpoint, OpenRefusal> = refused('no-known-key');
    for (const vkey of [from, to]) {
      const byThis = openPinned(note, origin, this.#verifiersOf([vkey]));
      if (!byThis.ok) this.#wrong('rotation-checkpoint-wrong', index, { expected: vkey });
      if (byThis.ok || !opened.ok) opened = byThis;
    }
    return opened;
  }

  #verifiersOf(vkeys: readonly string[]): readonly NoteVerifier[] {
    return vkeys.flatMap((vkey) => this.#verifiers.get(vkey) ?? []);
  }

  #read(vkey: string): boolean {
    if (this.#verifiers.has(vkey)) return true;
    const read = noteVerifierFromVkey(vkey, this.#setup.checks.verifyEd25519);
    if (read.ok) this.#verifiers.set(vkey, read.value);
    return read.ok;
  }

  #wrong(...[code, index, about]: Parameters<Findings['add']>): void {
    this.#isBroken = true;
    this.#findings.add(code, index, about);
  }
}
