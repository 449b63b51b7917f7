import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseKeyRing, type KeyRing } from '#postgres/key-ring';

/** The key of an embedded installation, made at its first start and kept beside its data, mode 0600. */
export async function localKeyRing(dataDir: string): Promise<KeyRing> {
  await mkdir(dataDir, { recursive: true });
  const file = join(dataDir, 'kek');
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(randomBytes(32).toString('base64'));
    await handle.sync();
    await handle.close();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return parseKeyRing((await readFile(file, 'utf8')).trim());
}
