import type { Digest } from '../../digest.ts';
import type { DigestTable } from './digest-table.ts';
import { NameTable } from './name-table.ts';
import { PackedReader } from './packed-reader.ts';
import { PackedWriter } from './packed-writer.ts';

/** A number that is nearer to another than this is written by how far it is from it. */
const NEAR = 2 ** 50;
/** Texts of its own that a value is searched for; one with more repeats some of them. */
const MOST_OWN = 64;

/** What stands outside the packed bytes: texts and digests that are kept anyway. */
export class Tables {
  readonly digests: DigestTable;
  readonly names = new NameTable();

  constructor(digests: DigestTable) {
    this.digests = digests;
  }
}

/** A value on its way into bytes, with what of it was written so far. */
export class Packing {
  readonly bytes = new PackedWriter();
  readonly #tables: Tables;
  #own: string[] = [];
  #at = 0;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** Ends a value; what is given is good until the next one is begun. */
  taken(): Uint8Array {
    this.#own = [];
    this.#at = 0;
    return this.bytes.taken();
  }

  number(value: number, near: number): void {
    const apart = value - near;
    const isNear = Number.isSafeInteger(value) && apart > -NEAR && apart < NEAR;
    if (isNear && !Object.is(value, -0)) this.bytes.count(apart < 0 ? -2 * apart : 2 * apart + 1);
    else {
      this.bytes.count(0);
      this.bytes.double(value);
    }
  }

  time(value: number): void {
    this.number(value, this.#at);
    if (Number.isSafeInteger(value)) this.#at = value;
  }

  /** 0 and the text, or its place among the names, counted from 1. */
  name(text: string): void {
    const place = this.#tables.names.placeOf(text);
    this.bytes.count(place === undefined ? 0 : place + 1);
    if (place === undefined) this.bytes.text(text);
  }

  /** 0 and the text as a name, or its place among the texts of this value, counted from 1. */
  own(text: string): void {
    const place = this.#own.indexOf(text);
    this.bytes.count(place + 1);
    if (place !== -1) return;
    if (this.#own.length < MOST_OWN) this.#own.push(text);
    this.name(text);
  }

  /** 0 and the text, or its place in the log, counted from 1. */
  digest(value: Digest): void {
    const place = this.#tables.digests.placeOf(value);
    this.bytes.count(place === undefined ? 0 : place + 1);
    if (place === undefined) this.bytes.text(value);
  }
}

/** The way back: the mirror of `Packing`, step by step. */
export class Unpacking {
  readonly bytes: PackedReader;
  readonly #tables: Tables;
  readonly #own: string[] = [];
  #at = 0;

  constructor(bytes: Uint8Array, tables: Tables) {
    this.bytes = new PackedReader(bytes);
    this.#tables = tables;
  }

  number(near: number): number {
    const written = this.bytes.count();
    if (written === 0) return this.bytes.double();
    return written % 2 === 1 ? near + (written - 1) / 2 : near - written / 2;
  }

  time(): number {
    const value = this.number(this.#at);
    if (Number.isSafeInteger(value)) this.#at = value;
    return value;
  }

  name(): string {
    const place = this.bytes.count();
    return place === 0 ? this.bytes.text() : this.#tables.names.at(place - 1);
  }

  own(): string {
    const place = this.bytes.count();
    if (place > 0) return this.#ownAt(place - 1);
    const text = this.name();
    if (this.#own.length < MOST_OWN) this.#own.push(text);
    return text;
  }

  digest(): Digest {
    const place = this.bytes.count();
    return place === 0 ? (this.bytes.text() as Digest) : this.#tables.digests.at(place - 1);
  }

  #ownAt(place: number): string {
    const text = this.#own[place];
    if (text === undefined) throw new RangeError(`no text ${place} in what was packed`);
    return text;
  }
}
