import { LONGEST_LINE } from '#ledger/export/line-text';

/**
 * The lines of a UTF-8 stream, without their ends: `\n`, with a `\r` before it or not, and nothing
 * else, because JSON leaves other line breaks (U+2028, U+2029) as they are within what people
 * wrote. A line longer than any of an export is given once it is, cut off, so that a file without
 * line ends fills no memory; whoever reads it refuses it.
 */
export async function* auditLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let pending = '';
  for await (const chunk of chunks) {
    const [rest = '', ...lines] = decoder.decode(chunk, { stream: true }).split('\n');
    pending += rest;
    for (const next of lines) {
      yield withoutReturn(pending);
      pending = next;
    }
    if (pending.length > LONGEST_LINE + 1) {
      yield pending;
      return;
    }
  }
  pending += decoder.decode();
  if (pending !== '') yield withoutReturn(pending);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
