/**
 * Where a verification puts what it keeps and seldom reads: memory, or a file. What is read is what
 * was appended, byte for byte; a verification that cannot have it back cannot go on, so both throw.
 */
export interface ByteArchive {
  /** Keeps a copy; gives its place: how many bytes were appended before it. */
  readonly append: (bytes: Uint8Array) => number;
  /** The bytes from a place on; not to be written to, and good until the next are read. */
  readonly read: (place: number, length: number) => Uint8Array;
}
