import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { listProcesses, treeOf, type Listed } from './process-tree.ts';

/** A command and all that it started. */
export interface CommandTree {
  /** To the command's own process group, once, if it still runs. */
  toGroup(name: NodeJS.Signals): void;
  /** To everything; `false` if one of them could not be reached, which belongs to another user then. */
  toAll(name: TreeSignal): boolean;
  /** Tells everything to end, and gives whether nothing runs any more `graceMs` later. */
  end(graceMs: number): Promise<boolean>;
}

export type TreeSignal = 'SIGSTOP' | 'SIGCONT' | 'SIGKILL';

/** What starts others while it is signalled is looked at again, but not for ever. */
const ROUNDS = 5;
const LOOKS_MS = 100;

/**
 * @param leader the command's pid, which leads a group and a session.
 * @param isOver that the command itself has ended, so that its pid may be another's by now.
 */
export function commandTree(leader: number, isOver: () => boolean): CommandTree {
  return process.platform === 'win32' ? windowsTree(leader, isOver) : unixTree(leader, isOver);
}

function unixTree(leader: number, isOver: () => boolean): CommandTree {
  // Whom we saw once stays ours, also when it leaves the session and then loses its parent.
  const seen = new Set<string>();
  const left = (): readonly Listed[] => {
    const all = listProcesses();
    // The system gives a pid anew only when nobody of its session and group is left.
    const isAnothers = isOver() && all.some(({ pid }) => pid === leader);
    const known = all.filter((one) => seen.has(identity(one))).map(({ pid }) => pid);
    const found = treeOf(isAnothers ? known : [leader, ...known], all);
    for (const one of found) seen.add(identity(one));
    return found;
  };
  const toGroup = (name: NodeJS.Signals): void => {
    if (!isOver()) sent(-leader, name);
  };
  const toAll = (name: TreeSignal): boolean => {
    toGroup(name);
    const told = new Map<number, boolean>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const more = left().filter((one) => !told.has(one.pid) && !hasIt(one, name));
      if (more.length === 0) break;
      for (const { pid } of more) told.set(pid, sent(pid, name));
    }
    return [...told.values()].every(Boolean);
  };
  return {
    toGroup,
    toAll,
    async end(graceMs) {
      const until = performance.now() + graceMs;
      left();
      toGroup('SIGTERM');
      // One that is held hears nothing before it goes on.
      toAll('SIGCONT');
      let told = false;
      for (;;) {
        if (isOver()) {
          const still = left();
          if (still.length === 0) return true;
          // What is in another group hears of the end only now, since a command hands it on as a
          // rule, and a second signal means "at once" to some programs.
          if (!told) for (const group of groupsOf(still, leader)) sent(-group, 'SIGTERM');
          told = true;
        }
        if (performance.now() >= until) return false;
        await sleep(LOOKS_MS);
      }
    },
  };
}

/** Windows knows no signals: a command and what it started can only be ended. */
function windowsTree(leader: number, isOver: () => boolean): CommandTree {
  const kill = (): boolean =>
    isOver() || spawnSync('taskkill', ['/pid', String(leader), '/t', '/f']).status === 0;
  return {
    toGroup: kill,
    toAll: (name) => (name === 'SIGKILL' ? kill() : name === 'SIGCONT'),
    end: () => Promise.resolve(kill()),
  };
}

const identity = ({ pid, started }: Listed): string => `${pid} ${started}`;

const groupsOf = (all: readonly Listed[], but: number): ReadonlySet<number> =>
  new Set(all.map(({ group }) => group).filter((one) => one !== but));

const hasIt = ({ state }: Listed, name: TreeSignal): boolean =>
  name === 'SIGSTOP' ? state.startsWith('T') : name === 'SIGCONT' && !state.startsWith('T');

function sent(to: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(to, name);
  } catch (error) {
    // Gone in this very moment is as good as reached; EPERM is another user's.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
