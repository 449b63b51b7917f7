import type { ExportRecord } from '../export/format.ts';
import { EntryReader, readSigned, type ReadEntry, type SignedEntry } from './read-entry.ts';
import type { SignatureJob, SignatureVerdict } from './signature-job.ts';
import type { SignaturePool } from './signature-pool.ts';
import type { CheckedJobs } from './verdicts.ts';

export type LogRecord = Exclude<ExportRecord, { kind: 'header' }>;

type OtherRecord = Exclude<LogRecord, { kind: 'entry' }>;

/** Takes what an export says, in its order. */
export interface RecordTaker {
  readonly jobsOf: (entry: SignedEntry) => readonly SignatureJob[];
  readonly entry: (entry: ReadEntry, ahead: CheckedJobs) => void;
  readonly other: (record: OtherRecord) => void;
}

type Item =
  | { readonly kind: 'other'; readonly record: OtherRecord }
  | {
      readonly kind: 'entry';
      readonly signed: SignedEntry;
      readonly jobs: readonly SignatureJob[];
    };

interface Batch {
  readonly items: readonly Item[];
  readonly verdicts: Promise<readonly SignatureVerdict[]>;
}

/** A batch for another thread is closed at this weight: that of a service's signature is 1. */
const BATCH_WEIGHT = 256;
/** A bundle takes some hundred times as long, so that a batch of them holds few. */
const BUNDLE_WEIGHT = 64;
/** A policy or a checkpoint is small, but need not be. */
const OTHER_WEIGHT = 16;
const BATCH_BYTES = 1024 * 1024;

/**
 * Has signatures checked in batches, elsewhere, while it reads on, and hands the records over in
 * their order with the verdicts: whatever the threads are, the report is the same.
 */
export class CheckedAhead {
  readonly #taker: RecordTaker;
  readonly #pool: SignaturePool;
  readonly #fullWeight: number;
  readonly #reader = new EntryReader();
  readonly #underWay: Batch[] = [];
  #items: Item[] = [];
  #weight = 0;
  #bytes = 0;
  #isFirst = true;

  constructor(taker: RecordTaker, pool: SignaturePool) {
    this.#taker = taker;
    this.#pool = pool;
    this.#fullWeight = pool.batch ?? BATCH_WEIGHT;
  }

  /**
   * Takes the next record. Waits while as many batches are under way as the pool takes;
   * `undefined` where there is nothing to wait for.
   */
  take(record: LogRecord): Promise<void> | undefined {
    if (record.kind !== 'entry') {
      return this.#takeOther(record);
    }
    // Its statement is read when it is its turn: what waits is little, and soon let go.
    const signed = readSigned(record.entry);
    const jobs = this.#taker.jobsOf(signed);
    this.#items.push({ kind: 'entry', signed, jobs });
    this.#bytes += record.entry.statement.length;
    for (const { kind } of jobs) this.#weight += kind === 'bundle' ? BUNDLE_WEIGHT : 1;
    if (this.#isFirst) {
      // What the first entry says decides whether any signature behind it is worth checking.
      this.#isFirst = false;
      return this.finish();
    }
    const isFull = this.#weight >= this.#fullWeight || this.#bytes >= BATCH_BYTES;
    return isFull ? this.#close() : undefined;
  }

  /** Nothing of it is checked elsewhere, so it waits only for what stands ahead of it. */
  #takeOther(record: OtherRecord): Promise<void> | undefined {
    if (this.#items.length === 0 && this.#underWay.length === 0) {
      this.#taker.other(record);
      return undefined;
    }
    this.#items.push({ kind: 'other', record });
    this.#weight += OTHER_WEIGHT;
    return this.#weight >= this.#fullWeight ? this.#close() : undefined;
  }

  /** Hands over all that was taken. */
  async finish(): Promise<void> {
    await this.#close();
    while (this.#underWay.length > 0) await this.#handOver();
  }

  async #close(): Promise<void> {
    const items = this.#items;
    if (items.length === 0) return;
    const jobs = items.flatMap((one) => (one.kind === 'entry' ? one.jobs : []));
    const verdicts = this.#pool.check(jobs);
    // Awaited in its turn; a failure before that is no unhandled one.
    verdicts.catch(() => undefined);
    this.#underWay.push({ items, verdicts });
    this.#items = [];
    this.#weight = 0;
    this.#bytes = 0;
    while (this.#underWay.length >= this.#pool.width) await this.#handOver();
  }

  async #handOver(): Promise<void> {
    const batch = this.#underWay.shift();
    if (batch === undefined) return;
    const verdicts = await batch.verdicts;
    let place = 0;
    for (const item of batch.items) {
      if (item.kind === 'other') {
        this.#taker.other(item.record);
        continue;
      }
      const { signed, jobs } = item;
      this.#taker.entry(this.#reader.read(signed), {
        jobs,
        verdicts: verdicts.slice(place, place + jobs.length),
      });
      place += jobs.length;
    }
  }
}
