import { setFlagsFromString } from 'node:v8';
import type { ByteArchive } from '#ledger/byte-archive';
import { ByteLog } from '#ledger/replay/archive/byte-log';
import { TemporaryBytes } from './temporary-bytes.ts';

/**
 * Keeps the engine's heap small, for a process that does nothing but verify. The young generation
 * stays at its size: under a verification, which makes garbage as fast as it can, it would come to
 * 128 MiB, and no collection would be the shorter for it. The old one is collected once it is half
 * as large again as what was left of it, and not several times as large: little of it is ever left.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}

/** Archives of a verification in files, or, where the system gives none, in memory. */
export class LeanArchives implements Disposable {
  readonly #files = new DisposableStack();

  readonly create = (): ByteArchive => {
    try {
      return this.#files.use(new TemporaryBytes());
    } catch {
      // Read-only systems have no temporary files: then it takes more memory, and goes on.
      return new ByteLog();
    }
  };

  [Symbol.dispose](): void {
    this.#files.dispose();
  }
}
