import { HOUR_MS, type Instant } from '#domain/instant';
import type { RecordedEvent } from '../recorded-event.ts';
import type { Findings } from './findings.ts';

/**
 * How far the clock of the timestamp authority may be from the database's. Wide, because a log that
 * was once refused stays so; narrow enough that no day, shift or approval window can be swapped.
 */
const APART_MS = HOUR_MS;

interface Signed {
  readonly index: number;
  readonly last: Instant;
}

/**
 * Holds the times that trusted witnesses vouch for against those that the entries say. A statement
 * is composed, signed and only then committed; so no signature is older than its entry's time, and
 * none is younger than the entries behind it.
 */
export class SigningTimes {
  readonly #findings: Findings;
  #waiting: Signed[] = [];

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** The entry that comes next; a press keeps the time it was stored at, and so tells nothing. */
  reached(event: RecordedEvent): void {
    if (event.type === 'approval.given') return;
    for (const { index, last } of this.#waiting)
      if (last > event.at + APART_MS)
        this.#findings.add('signed-too-late', index, { expected: event.at, found: last });
    this.#waiting = [];
  }

  /** An entry whose bundle was verified, with the times at which it was signed. */
  signed(index: number, { at }: RecordedEvent, signedAt: readonly Instant[]): void {
    const [first, last] = [Math.min(...signedAt), Math.max(...signedAt)];
    // Without a witness there is no time to compare; whether one is needed, the bundle's check says.
    if (signedAt.length === 0) return;
    if (first < at - APART_MS)
      this.#findings.add('signed-too-early', index, { expected: at, found: first });
    this.#waiting.push({ index, last });
  }
}
