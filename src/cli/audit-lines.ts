import { isAscii } from 'node:buffer';
import { LONGEST_LINE } from '#ledger/export/line-text';

/**
 * The lines of a UTF-8 stream, without their ends: `\n`, with a `\r` before it or not, and nothing
 * else, because JSON leaves other line breaks (U+2028, U+2029) as they are within what people
 * wrote. A line longer than any of an export is given once it is, cut off, so that a file without
 * line ends fills no memory; whoever reads it refuses it. Those that end in one piece of the stream
 * come together, because waiting for each costs as much as a hash of it.
 */
export async function* auditLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[]> {
  const text = decoder();
  let pending = '';
  for await (const chunk of chunks) {
    const lines = text(chunk).split('\n');
    lines[0] = pending + (lines[0] ?? '');
    pending = lines.pop() ?? '';
    if (lines.length > 0) yield lines.some(endsInReturn) ? lines.map(withoutReturn) : lines;
    if (pending.length > LONGEST_LINE + 1) {
      yield [pending];
      return;
    }
  }
  pending += text();
  if (pending !== '') yield [withoutReturn(pending)];
}

/** Decodes piece by piece; most are of ASCII alone, which takes a copy and nothing else. */
function decoder(): (chunk?: Uint8Array) => string {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  let isWhole = true;
  return (chunk) => {
    if (chunk === undefined) return utf8.decode();
    const isPlain = isAscii(chunk);
    // A piece may end within a character, which then stands at the start of the next.
    if (isPlain && isWhole) return bufferOf(chunk).toString('latin1');
    isWhole = isPlain;
    return utf8.decode(chunk, { stream: true });
  };
}

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const endsInReturn = (line: string): boolean => line.endsWith('\r');

function withoutReturn(line: string): string {
  return endsInReturn(line) ? line.slice(0, -1) : line;
}
