import { appendFile, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LineFileBroken, openLineFile } from '#sigstore/embedded/line-file';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lines-'));
  path = join(folder, 'lines');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

test('lines come back in their order', async () => {
  const file = await openLineFile(path);
  await Promise.all(['one', 'two', 'three'].map((line) => file.append(line)));
  await file.close();
  const again = await openLineFile(path);
  expect(again.lines).toEqual(['one', 'two', 'three']);
  await again.close();
});

test('half a line at the end is cut off', async () => {
  await appendFile(path, 'one\ntw');
  const file = await openLineFile(path);
  expect(file.lines).toEqual(['one']);
  await file.append('three');
  await file.close();
  expect(await readFile(path, 'utf8')).toBe('one\nthree\n');
});

describe('a write that fails', () => {
  test('before the disk has it leaves no trace, and the next one is good', async () => {
    const file = await openLineFile(path);
    await file.append('one');
    await failNext('datasync');
    await expect(file.append('two')).rejects.toThrow('disk');
    await file.append('three');
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('one\nthree\n');
  });

  test('and cannot be taken back stops all further writing', async () => {
    const file = await openLineFile(path);
    await failNext('datasync');
    await failNext('truncate');
    await expect(file.append('one')).rejects.toThrow('disk');
    await expect(file.append('two')).rejects.toThrow(LineFileBroken);
    await file.close();
  });
});

/** Makes the next call on any file handle fail, as a full or broken disk would. */
async function failNext(method: 'datasync' | 'truncate'): Promise<void> {
  const handle = await open(path);
  const prototype: { datasync(): Promise<void>; truncate(): Promise<void> } =
    Object.getPrototypeOf(handle);
  await handle.close();
  vi.spyOn(prototype, method).mockRejectedValueOnce(new Error('disk'));
}
