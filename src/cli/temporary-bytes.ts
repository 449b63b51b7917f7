import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteArchive } from '#ledger/byte-archive';

const BUFFER_BYTES = 64 * 1024;

/** The file can no longer be written or read: what was put there is lost, and the run with it. */
export class TemporaryBytesLost extends Error {
  override name = 'TemporaryBytesLost';
  readonly code: 'not-written' | 'not-read';

  constructor(code: TemporaryBytesLost['code'], cause?: unknown) {
    super(`a temporary file in ${tmpdir()} fails (${code})`, { cause });
    this.code = code;
  }
}

/**
 * An archive in a file of nobody else's: it has no name any more once it is open, so that whatever
 * becomes of this process, the system takes it away. The last bytes wait in memory to be written.
 */
export class TemporaryBytes implements ByteArchive, Disposable {
  readonly #file: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #buffered = 0;
  #written = 0;

  /** Throws what the system says where it cannot make the file. */
  constructor() {
    const path = join(tmpdir(), `breakglass-${randomUUID()}`);
    this.#file = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
  }

  /** Throws TemporaryBytesLost where the file cannot be written. */
  append(bytes: Uint8Array): number {
    const place = this.#written + this.#buffered;
    for (let from = 0; from < bytes.length;) {
      const part = bytes.subarray(from, from + BUFFER_BYTES - this.#buffered);
      this.#buffer.set(part, this.#buffered);
      this.#buffered += part.length;
      from += part.length;
      if (this.#buffered === BUFFER_BYTES) this.#write();
    }
    return place;
  }

  /** Throws RangeError for what was not appended, TemporaryBytesLost where the file cannot be read. */
  read(place: number, length: number): Uint8Array {
    if (place < 0 || place + length > this.#written + this.#buffered)
      throw new RangeError(`no ${length} bytes at ${place}`);
    const from = place - this.#written;
    if (from >= 0 && from + length <= this.#buffered)
      return this.#buffer.subarray(from, from + length);
    const bytes = new Uint8Array(length);
    const ofFile = Math.min(length, this.#written - place);
    this.#readFile(bytes.subarray(0, ofFile), place);
    bytes.set(this.#buffer.subarray(0, length - ofFile), ofFile);
    return bytes;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #write(): void {
    try {
      for (let at = 0; at < this.#buffered;)
        at += writeSync(this.#file, this.#buffer, at, this.#buffered - at, this.#written + at);
    } catch (cause) {
      throw new TemporaryBytesLost('not-written', cause);
    }
    this.#written += this.#buffered;
    this.#buffered = 0;
  }

  #readFile(into: Uint8Array, place: number): void {
    let read = 0;
    try {
      while (read < into.length) {
        const more = readSync(this.#file, into, read, into.length - read, place + read);
        if (more === 0) break;
        read += more;
      }
    } catch (cause) {
      throw new TemporaryBytesLost('not-read', cause);
    }
    if (read < into.length) throw new TemporaryBytesLost('not-read');
  }
}
