import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ExportLines } from '#ledger/export/read-export';
import { auditLines } from './audit-lines.ts';

/** An export that is about to be read. */
export interface OpenedExport {
  /** In bytes; `undefined` for what is no file, as standard input. */
  readonly size: number | undefined;
  /** Its lines; tells how many bytes were read of it, as they are. Throws if it cannot be read. */
  readonly lines: (onBytes: (bytes: number) => void) => ExportLines;
}

/** Opens an export; `-` is standard input. One that cannot be read is told when its lines are. */
export async function openExport(path: string): Promise<OpenedExport> {
  const found = path === '-' ? undefined : await stat(path).catch(() => undefined);
  const size = found?.isFile() === true ? found.size : undefined;
  const input = (): AsyncIterable<Uint8Array> =>
    path === '-' ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES });
  return { size, lines: (onBytes) => auditLines(counted(input(), onBytes)) };
}

/** A text that is longer lies outside the young generation, and takes as long to make room for as to read. */
const CHUNK_BYTES = 64 * 1024;

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}
