import { readFile } from 'node:fs/promises';
import { UsageError } from './report-failure.ts';

/** Keys as they are written, or `@file` for what stands in a file. @throws UsageError */
export async function readKeyFiles(texts: readonly string[]): Promise<readonly string[]> {
  return Promise.all(texts.map(keyOrFile));
}

async function keyOrFile(text: string): Promise<string> {
  if (!text.startsWith('@')) return text;
  try {
    return (await readFile(text.slice(1), 'utf8')).trim();
  } catch (cause) {
    throw new UsageError('The file of a pinned key cannot be read.', { cause });
  }
}
