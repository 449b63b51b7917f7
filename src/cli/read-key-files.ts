import { readText } from './read-text.ts';

/** Keys as they are written, or `@file` for what stands in a file. @throws UsageError */
export async function readKeyFiles(texts: readonly string[]): Promise<readonly string[]> {
  return Promise.all(texts.map(keyOrFile));
}

async function keyOrFile(text: string): Promise<string> {
  if (!text.startsWith('@')) return text;
  return (await readText('The file of a pinned key', text.slice(1))).trim();
}
