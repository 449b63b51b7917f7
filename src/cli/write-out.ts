import { writeFile } from 'node:fs/promises';
import { UsageError } from './report-failure.ts';

/**
 * Gives a text to standard output, or to a file with a word on where it is and what it is for.
 * Never over a file that is there: it may be what somebody else pinned.
 *
 * @param told behind the file's name, once it is written.
 * @throws UsageError
 */
export async function writeOut(text: string, out: string | undefined, told: string): Promise<void> {
  if (out === undefined) return void process.stdout.write(text);
  try {
    await writeFile(out, text, { flag: 'wx' });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
      throw new UsageError(`${out} is there already: choose another name.`);
    throw new UsageError(`${out} cannot be written.`, { cause });
  }
  process.stderr.write(`${told}\n`);
}
