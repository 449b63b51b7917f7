import type { BypassId, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Digest } from '#ledger/digest';

/** A detached value that is still shown, by its entry and its name there. */
export interface ShownValue {
  readonly index: number;
  readonly name: string;
  /** Whose cards show it, if any do. */
  readonly bypass: BypassId | null;
}

/** An entry with the names of its values that are still shown: at least one. */
export interface ShownEntry {
  readonly index: number;
  readonly bypass: BypassId | null;
  readonly statement: Uint8Array;
  readonly names: readonly string[];
}

export interface ErasureReads {
  /** Those from this index on, in the order of the log. */
  shownFrom(index: number, limit: number): Promise<readonly ShownEntry[]>;
  /**
   * Values under other names than these, of entries recorded before that time, whose chain has ended
   * and whose review is done.
   */
  shownBefore(
    time: Instant,
    except: readonly string[],
    limit: number,
  ): Promise<readonly ShownValue[]>;
  /** Bypasses that wait or are active, or have a review to be done, in which this person has a part. */
  unfinishedOf(person: PersonId): Promise<readonly BypassId[]>;
}

export interface ErasureWrites {
  /** Erases the values with the entry of this commit that says so. @returns how many there were. */
  erase(entry: Digest, values: readonly ShownValue[]): Promise<number>;
  /**
   * The person's name and addresses outside the log, what they pressed and were told, and what of
   * theirs stands in timelines. @returns the bypasses of those.
   */
  forget(person: PersonId): Promise<readonly BypassId[]>;
  /**
   * What anybody pressed and was told before that time, once it was handled, and what stands in
   * timelines from before. @returns the bypasses of those.
   */
  forgetBefore(time: Instant): Promise<readonly BypassId[]>;
}
