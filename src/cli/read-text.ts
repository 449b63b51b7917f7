import { readFile } from 'node:fs/promises';
import { UsageError } from './report-failure.ts';

/**
 * The text of a file that somebody named on the command line.
 *
 * @param what it was given for, as it stands before "cannot be read".
 * @throws UsageError
 */
export async function readText(what: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`${what} cannot be read: ${path}`, { cause });
  }
}
