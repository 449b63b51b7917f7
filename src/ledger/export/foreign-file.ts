/** What a file is that was taken for an export, where its first characters tell. */
export type ForeignFile = 'file-compressed' | 'file-byte-order-mark' | 'file-utf-16';

/**
 * How the first bytes of other files look once they were decoded as UTF-8, where U+FFFD stands for
 * each that is none: gzip (RFC 1952 §2.3.1), Zstandard (RFC 8878 §3.1.1), ZIP, xz, bzip2.
 */
const COMPRESSED = ['\u001F\uFFFD', '(\uFFFD/\uFFFD', 'PK\u0003\u0004', '\uFFFD7zXZ\u0000', 'BZh'];
const BYTE_ORDER_MARK = '\uFEFF';
/** Half of its bytes are zero where a text is ASCII, as a header is; its own mark is no UTF-8. */
const UTF_16 = ['{\u0000', '\u0000{', '\uFFFD\uFFFD{\u0000', '\uFFFD\uFFFD\u0000{'];

/**
 * What the first line says of its file, `undefined` where it is no such file. An export is bytes
 * that were signed line by line: none of these is read as if it were one.
 */
export function foreignFile(firstLine: string): ForeignFile | undefined {
  const starts = (start: string): boolean => firstLine.startsWith(start);
  if (starts(BYTE_ORDER_MARK)) return 'file-byte-order-mark';
  if (COMPRESSED.some(starts)) return 'file-compressed';
  return UTF_16.some(starts) ? 'file-utf-16' : undefined;
}
