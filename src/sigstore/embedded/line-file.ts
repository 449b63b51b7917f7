import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './private-file.ts';

/** A file of one record a line that only grows. */
export interface LineFile {
  /** The lines found at opening, oldest first. */
  readonly lines: readonly string[];
  /** Resolves once the line is on the disk; on failure the line is not in the file. */
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

/** The file can no longer be written: a failed line could not be taken back either. */
export class LineFileBroken extends Error {
  override name = 'LineFileBroken';
}

/**
 * Opens or creates a line file, mode 0600. A last line without its newline is the trace of a crash
 * in the middle of a write that nobody was told had succeeded, so it is cut off.
 */
export async function openLineFile(path: string): Promise<LineFile> {
  const file = await open(path, 'a+', 0o600);
  await syncFolder(dirname(path));
  const text = await file.readFile('utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole));
  const lines = whole === '' ? [] : whole.slice(0, -1).split('\n');
  return { lines, ...appendTo(file, Buffer.byteLength(whole)) };
}

function appendTo(file: FileHandle, startLength: number): Pick<LineFile, 'append' | 'close'> {
  let length = startLength;
  let broken: unknown;
  let last: Promise<unknown> = Promise.resolve();

  async function write(line: string): Promise<void> {
    if (broken !== undefined) throw new LineFileBroken('append refused', { cause: broken });
    const bytes = Buffer.from(`${line}\n`);
    try {
      await file.appendFile(bytes);
      await file.datasync();
      length += bytes.length;
    } catch (error) {
      // Half a line, or a whole one that may not be durable, must not stay in front of the next.
      await file.truncate(length).catch((failed: unknown) => {
        broken = failed;
      });
      throw error;
    }
  }

  return {
    // One after the other: two writes in flight could not be taken back separately.
    append(line) {
      const next = last.then(() => write(line));
      last = next.catch(() => undefined);
      return next;
    },
    async close() {
      await last;
      await file.close();
    },
  };
}
