import type { ByteArchive } from '../../byte-archive.ts';

const CHUNK_BYTES = 256 * 1024;

/** An archive in memory: few large pieces that never move. */
export class ByteLog implements ByteArchive {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  append(bytes: Uint8Array): number {
    const place = this.#length;
    const room = place % CHUNK_BYTES;
    if (room > 0 && room + bytes.length <= CHUNK_BYTES) {
      // Nearly all: a window on a part costs more than to copy what is in it.
      this.#chunks.at(-1)?.set(bytes, room);
      this.#length += bytes.length;
      return place;
    }
    for (let from = 0; from < bytes.length;) {
      const at = this.#length % CHUNK_BYTES;
      if (at === 0) this.#chunks.push(new Uint8Array(CHUNK_BYTES));
      const part = bytes.subarray(from, from + CHUNK_BYTES - at);
      this.#chunks.at(-1)?.set(part, at);
      from += part.length;
      this.#length += part.length;
    }
    return place;
  }

  /** Throws RangeError for what was not appended. */
  read(place: number, length: number): Uint8Array {
    if (place < 0 || place + length > this.#length)
      throw new RangeError(`no ${length} bytes at ${place}`);
    const at = place % CHUNK_BYTES;
    const chunk = Math.floor(place / CHUNK_BYTES);
    const first = this.#chunks[chunk]?.subarray(at, at + length) ?? new Uint8Array();
    return first.length === length ? first : this.#joined(first, chunk + 1, length);
  }

  #joined(first: Uint8Array, chunk: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    bytes.set(first);
    for (let [at, next] = [first.length, chunk]; at < length; at += CHUNK_BYTES, next += 1)
      bytes.set(this.#chunks[next]?.subarray(0, length - at) ?? [], at);
    return bytes;
  }
}
