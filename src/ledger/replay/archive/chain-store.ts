import type { BypassId } from '#domain/ids';
import type { ChainRecord } from '../chain-record.ts';
import { ByteLog, type ByteLogPlace } from './byte-log.ts';
import type { DigestTable } from './digest-table.ts';
import { Packer, type Packable } from './packer.ts';

/** More chains than move at one time. */
const AT_HAND = 512;

/** Where a chain is that has not moved for long. */
interface Packed extends ByteLogPlace {
  /** Nothing will ever be owed or overdue of it, if it does not move again. */
  readonly isQuiet: boolean;
}

/**
 * The record of every chain of a log, exactly as it was put. The chains that moved last are at
 * hand; the others are packed, a few hundred bytes each, and unpacked when an entry speaks of them:
 * so no rule has to know how far back something lies.
 */
export class ChainStore {
  readonly #packer: Packer;
  readonly #bytes = new ByteLog();
  /** In the order in which they moved. */
  readonly #atHand = new Map<number, ChainRecord>();
  readonly #packed: (Packed | undefined)[] = [];
  /** The number of each chain, in the order in which they were opened. */
  readonly #numbers = new Map<string, number>();
  /** Of each bypass whose id is not its chain's. */
  readonly #numberOfBypass = new Map<string, number>();
  readonly #isQuiet: (record: ChainRecord) => boolean;

  /** @param isQuiet whether nothing can be owed or overdue of a chain that does not move again. */
  constructor(digests: DigestTable, isQuiet: (record: ChainRecord) => boolean) {
    this.#packer = new Packer(digests);
    this.#isQuiet = isQuiet;
  }

  get(chain: string): ChainRecord | undefined {
    const number = this.#numbers.get(chain);
    return number === undefined ? undefined : this.#record(number);
  }

  /** The chain that a bypass was opened in. */
  ofBypass(bypass: string): ChainRecord | undefined {
    const number = this.#numberOfBypass.get(bypass);
    if (number !== undefined) return this.#record(number);
    const own = this.get(bypass);
    return own?.state.bypasses.some((one) => one.request.id === bypass) === true ? own : undefined;
  }

  set(chain: string, record: ChainRecord, bypass: BypassId): void {
    const number = this.#numbers.get(chain) ?? this.#numbers.size;
    this.#numbers.set(chain, number);
    if (bypass !== chain) this.#numberOfBypass.set(bypass, number);
    this.#atHand.delete(number);
    this.#atHand.set(number, record);
    if (this.#atHand.size > AT_HAND) this.#putAway();
  }

  /** Those of which something may be owed, in the order in which they were opened. */
  *unquiet(): Generator<ChainRecord> {
    for (let number = 0; number < this.#numbers.size; number += 1) {
      const isQuiet = !this.#atHand.has(number) && this.#packed[number]?.isQuiet === true;
      const record = isQuiet ? undefined : this.#record(number);
      if (record !== undefined) yield record;
    }
  }

  #record(number: number): ChainRecord | undefined {
    const atHand = this.#atHand.get(number);
    if (atHand !== undefined) return atHand;
    const packed = this.#packed[number];
    if (packed === undefined) return undefined;
    return this.#packer.unpack(this.#bytes.read(packed)) as unknown as ChainRecord;
  }

  /** The one that has not moved for longest; what was packed of it before is given up. */
  #putAway(): void {
    const [oldest] = this.#atHand;
    if (oldest === undefined) return;
    const [number, record] = oldest;
    const place = this.#bytes.append(this.#packer.pack(record as unknown as Packable));
    this.#packed[number] = { ...place, isQuiet: this.#isQuiet(record) };
    this.#atHand.delete(number);
  }
}
