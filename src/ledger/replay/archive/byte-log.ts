const CHUNK_BYTES = 256 * 1024;

/** Byte strings that are kept one behind the other, in few large pieces of memory. */
export class ByteLog {
  readonly #chunks: Uint8Array[] = [];
  #left = 0;

  /** Keeps a copy; gives where it is. */
  append(bytes: Uint8Array): ByteLogPlace {
    if (bytes.length > this.#left) {
      this.#left = Math.max(CHUNK_BYTES, bytes.length);
      this.#chunks.push(new Uint8Array(this.#left));
    }
    const chunk = this.#chunks.length - 1;
    const into = this.#chunks[chunk];
    const at = (into?.length ?? 0) - this.#left;
    into?.set(bytes, at);
    this.#left -= bytes.length;
    return { chunk, at, length: bytes.length };
  }

  /** A window on what is kept there: not to be written to. */
  read({ chunk, at, length }: ByteLogPlace): Uint8Array {
    const bytes = this.#chunks[chunk]?.subarray(at, at + length);
    if (bytes?.length !== length) throw new RangeError(`nothing is kept at ${chunk}/${at}`);
    return bytes;
  }
}

export interface ByteLogPlace {
  readonly chunk: number;
  readonly at: number;
  readonly length: number;
}
