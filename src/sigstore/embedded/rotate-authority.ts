import { lockFolder } from './folder-lock.ts';
import { rotateKeyRing, type AuthorityPart } from './key-ring.ts';
import { trustedRootOf } from './trusted-root.ts';

/**
 * Replaces keys and certificates of an embedded authority that is not running, and gives the
 * trusted root that holds the former ones too.
 * Throws `FolderInUse` if a live process has the folder.
 */
export async function rotateAuthority(
  folder: string,
  parts: readonly AuthorityPart[],
  now: Date,
): Promise<unknown> {
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(await lockFolder(folder));
  return trustedRootOf(await rotateKeyRing(folder, parts, now));
}
