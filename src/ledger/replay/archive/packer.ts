import { parseDigest } from '../../digest.ts';
import type { DigestTable } from './digest-table.ts';
import { NameTable } from './name-table.ts';
import { PackedReader } from './packed-reader.ts';
import { PackedWriter } from './packed-writer.ts';

/** What can be packed: values of JSON, `undefined`, and maps and sets of them. */
export type Packable =
  | null
  | undefined
  | boolean
  | number
  | string
  | readonly Packable[]
  | ReadonlyMap<string, Packable>
  | ReadonlySet<Packable>
  | { readonly [member: string]: Packable };

const NARROW = /^[^\u0100-\uffff]*$/;

const TAGS = {
  null: 0,
  undefined: 1,
  true: 2,
  false: 3,
  count: 4,
  double: 5,
  narrowText: 6,
  name: 7,
  digest: 8,
  list: 9,
  object: 10,
  map: 11,
  set: 12,
  wideText: 13,
} as const;

/**
 * Packs values into few bytes and gives them back the same. Names, digests of the log and the
 * members that objects have are written as numbers; so only the packer that packed can unpack.
 */
export class Packer {
  readonly #digests: DigestTable;
  readonly #names = new NameTable();
  readonly #forms: (readonly string[])[] = [];
  readonly #formPlaces = new Map<string, number>();
  readonly #writer = new PackedWriter();

  /** @param digests those that are kept anyway. */
  constructor(digests: DigestTable) {
    this.#digests = digests;
  }

  /** Good until the next value is packed. Throws TypeError for what it cannot pack. */
  pack(value: Packable): Uint8Array {
    this.#write(value);
    return this.#writer.taken();
  }

  unpack(bytes: Uint8Array): Packable {
    return this.#read(new PackedReader(bytes));
  }

  #write(value: Packable): void {
    const writer = this.#writer;
    if (value === null) writer.byte(TAGS.null);
    else if (value === undefined) writer.byte(TAGS.undefined);
    else if (typeof value === 'boolean') writer.byte(value ? TAGS.true : TAGS.false);
    else if (typeof value === 'number') this.#writeNumber(value);
    else if (typeof value === 'string') this.#writeText(value);
    else this.#writeMany(value);
  }

  #writeNumber(value: number): void {
    const isCount = Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
    this.#writer.byte(isCount ? TAGS.count : TAGS.double);
    if (isCount) this.#writer.count(value);
    else this.#writer.double(value);
  }

  #writeText(value: string): void {
    const digest = parseDigest(value);
    const place = digest === undefined ? undefined : this.#digests.placeOf(digest);
    if (place !== undefined) return this.#writeNumbered(TAGS.digest, place);
    const name = this.#names.placeOf(value);
    if (name !== undefined) return this.#writeNumbered(TAGS.name, name);
    const isNarrow = NARROW.test(value);
    this.#writer.byte(isNarrow ? TAGS.narrowText : TAGS.wideText);
    if (isNarrow) this.#writer.narrowText(value);
    else this.#writer.wideText(value);
  }

  #writeNumbered(tag: number, count: number): void {
    this.#writer.byte(tag);
    this.#writer.count(count);
  }

  #writeMany(value: Extract<Packable, object>): void {
    if (Array.isArray(value)) {
      this.#writeNumbered(TAGS.list, value.length);
      for (const item of value as readonly Packable[]) this.#write(item);
    } else if (value instanceof Map) {
      this.#writeNumbered(TAGS.map, value.size);
      for (const [key, item] of value as ReadonlyMap<string, Packable>) {
        this.#write(key);
        this.#write(item);
      }
    } else if (value instanceof Set) {
      this.#writeNumbered(TAGS.set, value.size);
      for (const item of value as ReadonlySet<Packable>) this.#write(item);
    } else this.#writeObject(value as { readonly [member: string]: Packable });
  }

  #writeObject(value: { readonly [member: string]: Packable }): void {
    const members = Object.keys(value);
    this.#writeNumbered(TAGS.object, this.#formOf(members));
    for (const member of members) this.#write(value[member]);
  }

  #formOf(members: readonly string[]): number {
    const key = JSON.stringify(members);
    const known = this.#formPlaces.get(key) ?? this.#forms.push(members) - 1;
    this.#formPlaces.set(key, known);
    return known;
  }

  #read(reader: PackedReader): Packable {
    const tag = reader.byte();
    switch (tag) {
      case TAGS.null:
        return null;
      case TAGS.undefined:
        return undefined;
      case TAGS.true:
        return true;
      case TAGS.false:
        return false;
      case TAGS.count:
        return reader.count();
      case TAGS.double:
        return reader.double();
      case TAGS.narrowText:
        return reader.narrowText();
      case TAGS.wideText:
        return reader.wideText();
      case TAGS.name:
        return this.#names.at(reader.count());
      case TAGS.digest:
        return this.#digests.at(reader.count());
      case TAGS.list:
        return this.#items(reader);
      case TAGS.set:
        return new Set(this.#items(reader));
      case TAGS.map:
        return new Map(this.#pairs(reader));
      case TAGS.object:
        return this.#object(reader);
      default:
        throw new RangeError(`no value is packed under ${tag}`);
    }
  }

  #items(reader: PackedReader): Packable[] {
    return Array.from({ length: reader.count() }, () => this.#read(reader));
  }

  #pairs(reader: PackedReader): [string, Packable][] {
    return Array.from({ length: reader.count() }, (): [string, Packable] => {
      const key = this.#read(reader);
      if (typeof key !== 'string') throw new RangeError('a packed map has texts as keys');
      return [key, this.#read(reader)];
    });
  }

  #object(reader: PackedReader): Packable {
    const form = this.#forms[reader.count()] ?? [];
    return Object.fromEntries(form.map((member) => [member, this.#read(reader)]));
  }
}
