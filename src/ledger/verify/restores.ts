import type { Checkpoint } from '../checkpoint.ts';
import { base64 } from '../digest.ts';
import type { RecordedOf } from '../recorded-event.ts';
import { counted } from './counted.ts';
import type { Findings } from './findings.ts';

interface Restore {
  /** Of the entry that says so: the log went on from as many. */
  readonly index: number;
  readonly lostSize: number;
  readonly lostRoot: string;
}

/** An export may claim any number; these are told, and the rest counted. */
const KEPT = 20;

/**
 * What entries say of restores of the database to an earlier time. It is the service's word: a log from
 * which somebody removed entries on purpose says the same. So it proves nothing, and excuses nothing:
 * it is told, and a checkpoint that was saved of what is lost is refused all the same.
 */
export class Restores {
  readonly #kept: Restore[] = [];
  #total = 0;

  take({ at, lostSize, lostRoot }: RecordedOf<'log.restored'>, index: number, to: Findings): void {
    this.#total += 1;
    if (this.#kept.length === KEPT) return;
    this.#kept.push({ index, lostSize, lostRoot });
    const gone = lostSize - index;
    const what =
      gone > 0
        ? `${counted(gone, 'entry', 'entries')} at its end ${gone === 1 ? 'is' : 'are'} lost`
        : 'entries before it are others than they were';
    to.detail(
      'consistency',
      `entry ${index} says that the log was restored to an earlier time, at ${new Date(at).toISOString()}: it had ${lostSize} entries before, and ${what}`,
    );
  }

  close(to: Findings): void {
    const more = this.#total - this.#kept.length;
    if (more > 0) to.detail('consistency', `${counted(more, 'more entry', 'more entries')} say so`);
  }

  /** What an entry claims of a saved checkpoint that this log does not have; `null` for nothing. */
  claimOn({ size, root }: Pick<Checkpoint, 'size' | 'root'>): string | null {
    const exact = this.#kept.find((one) => one.lostSize === size && one.lostRoot === base64(root));
    if (exact !== undefined)
      return `It is the very head that entry ${exact.index} says was lost in a restore. ${STAYS}`;
    const around = this.#kept.find((one) => size <= one.lostSize);
    if (around === undefined) return null;
    return `It may be of the part that was lost in the restore of entry ${around.index}: that entry says that the log had ${around.lostSize} entries. ${STAYS}`;
  }
}

const STAYS =
  'What it covered is gone whatever an entry says: ask for a copy of it, such as an export made before.';
