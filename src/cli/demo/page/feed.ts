import { setTimeout as sleep } from 'node:timers/promises';
import type { Workspace } from '#workspace/workspace';
import type { LogReader } from '#application/ports/log-reader';
import type { TenantId } from '#domain/ids';

export interface Feed {
  /** Something of the page's own changed. */
  changed(): void;
  /** Gives whenever something may have changed since, at least every few seconds; ends with the signal. */
  ticks(signal: AbortSignal): AsyncGenerator<void>;
}

const LOOK_EVERY_MS = 300;
/** A client whose clock runs apart is set right this often. */
const AT_LEAST_EVERY_MS = 5_000;

/**
 * Level-triggered: whoever listens is told to read the whole state again, so nothing is lost that
 * was missed.
 */
export function feed(logs: LogReader, tenant: TenantId, workspace: Workspace): Feed {
  let own = 0;
  let seen = 0;
  const mark = async (): Promise<string> => {
    seen += workspace.events(seen).length;
    const { size } = await logs.snapshot(tenant);
    return `${own} ${seen} ${size}`;
  };
  return {
    changed() {
      own += 1;
    },
    async *ticks(signal) {
      let last = '';
      let toldAt = 0;
      while (!signal.aborted) {
        const now = await mark();
        if (now !== last || Date.now() - toldAt >= AT_LEAST_EVERY_MS) {
          last = now;
          toldAt = Date.now();
          yield;
        }
        await sleep(LOOK_EVERY_MS);
      }
    },
  };
}
