import type { BypassId } from '#domain/ids';
import type { ByteArchive } from '../../byte-archive.ts';
import type { ChainRecord } from '../chain-record.ts';
import { chainForm } from './chain-form.ts';
import { Column } from './column.ts';
import type { DigestTable } from './digest-table.ts';
import { IdTable } from './id-table.ts';
import { Packing, Tables, Unpacking } from './packing.ts';

/** More chains than move at one time. */
const AT_HAND = 128;

/** Of a chain that was never packed. */
const NOWHERE = -1;

/**
 * The record of every chain of a log, exactly as it was put. The chains that moved last are at
 * hand; the others are packed, some two hundred bytes each, and unpacked when an entry speaks of
 * them: so no rule has to know how far back something lies.
 */
export class ChainStore {
  readonly #tables: Tables;
  readonly #packing: Packing;
  readonly #archive: ByteArchive;
  /** By their numbers, in the order in which they moved. */
  readonly #atHand = new Map<number, ChainRecord>();
  /**
   * Of each chain, in the order in which they were opened, where its packed bytes are. Twice that, and
   * one more if nothing will ever be owed or overdue of it while it does not move again.
   */
  readonly #places = new Column();
  /** How many bytes those are. */
  readonly #lengths = new Column();
  /** The number of each chain. */
  readonly #numbers = new IdTable();
  /** Of each bypass whose id is not its chain's. */
  readonly #numberOfBypass = new IdTable();
  /** The one that moved last. */
  #latest = NOWHERE;
  /** The one that was found last. */
  #asked: { readonly chain: string; readonly number: number } | undefined;
  /** The one that was unpacked last: whoever asks whether there is one asks for it next. */
  #unpacked: { readonly number: number; readonly record: ChainRecord } | undefined;
  readonly #isQuiet: (record: ChainRecord) => boolean;

  /**
   * @param archive for what is packed.
   * @param isQuiet whether nothing can be owed or overdue of a chain that does not move again.
   */
  constructor(
    digests: DigestTable,
    archive: ByteArchive,
    isQuiet: (record: ChainRecord) => boolean,
  ) {
    this.#archive = archive;
    this.#tables = new Tables(digests);
    this.#packing = new Packing(this.#tables);
    this.#isQuiet = isQuiet;
  }

  get(chain: string): ChainRecord | undefined {
    const number = this.#numberOf(chain);
    return number === undefined ? undefined : this.#record(number);
  }

  /** The chain that a bypass was opened in. */
  ofBypass(bypass: string): ChainRecord | undefined {
    const number = this.#numberOfBypass.find(bypass, this.#hasBypass);
    if (number !== undefined) return this.#record(number);
    const own = this.get(bypass);
    return own !== undefined && has(own, bypass) ? own : undefined;
  }

  /** Keeps a record as it is now; `bypass` is the one of its bypasses that moved. */
  set(chain: string, record: ChainRecord, bypass: BypassId): void {
    const number = this.#numberOf(chain) ?? this.#add(chain);
    // The one that moved before moves most: its place is the last one already.
    if (number !== this.#latest) this.#atHand.delete(number);
    this.#latest = number;
    this.#atHand.set(number, record);
    this.#unpacked = undefined;
    const isNamed =
      bypass === chain || this.#numberOfBypass.find(bypass, this.#hasBypass) === number;
    if (!isNamed) this.#numberOfBypass.add(bypass, number);
    if (this.#atHand.size > AT_HAND) this.#putAway();
  }

  /** Those of which something may be owed, in the order in which they were opened. */
  *unquiet(): Generator<ChainRecord> {
    for (let number = 0; number < this.#places.length; number += 1) {
      const isQuiet = !this.#atHand.has(number) && this.#places.at(number) % 2 === 1;
      if (!isQuiet) yield this.#record(number);
    }
  }

  /** An entry's chain is asked for twice, by the same text. */
  #numberOf(chain: string): number | undefined {
    if (this.#asked?.chain !== chain) {
      const number = this.#numbers.find(chain, this.#isChain);
      this.#asked = number === undefined ? undefined : { chain, number };
    }
    return this.#asked?.number;
  }

  #add(chain: string): number {
    const number = this.#places.length;
    this.#places.push(NOWHERE);
    this.#lengths.push(0);
    this.#numbers.add(chain, number);
    return number;
  }

  readonly #isChain = (number: number, chain: string): boolean =>
    this.#record(number).state.id === chain;

  readonly #hasBypass = (number: number, bypass: string): boolean =>
    has(this.#record(number), bypass);

  #record(number: number): ChainRecord {
    return this.#atHand.get(number) ?? this.#unpack(number);
  }

  #unpack(number: number): ChainRecord {
    if (this.#unpacked?.number === number) return this.#unpacked.record;
    const place = Math.floor(this.#places.at(number) / 2);
    const bytes = this.#archive.read(place, this.#lengths.at(number));
    const record = chainForm.read(new Unpacking(bytes, this.#tables));
    this.#unpacked = { number, record };
    return record;
  }

  /** The one that has not moved for longest; what was packed of it before is given up. */
  #putAway(): void {
    const [oldest] = this.#atHand;
    if (oldest === undefined) return;
    const [number, record] = oldest;
    chainForm.write(record, this.#packing);
    const bytes = this.#packing.taken();
    const place = this.#archive.append(bytes);
    this.#lengths.put(number, bytes.length);
    this.#places.put(number, place * 2 + (this.#isQuiet(record) ? 1 : 0));
    this.#atHand.delete(number);
  }
}

const has = ({ state }: ChainRecord, bypass: string): boolean =>
  state.bypasses.some((one) => one.request.id === bypass);
