import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** One process of this machine. */
export interface Listed {
  readonly pid: number;
  readonly parent: number;
  /** Of the session and the group, the pid of their leaders. */
  readonly group: number;
  readonly session: number;
  /** As `ps` names it: `T` is stopped, `Z` has ended and waits to be looked at. */
  readonly state: string;
  /** When it started, as the system counts; with the pid it names one process for good. */
  readonly started: string;
}

/**
 * What some commands started, themselves included, that has not ended: all of their sessions and
 * groups, and those that went into others while their parents live. `timeout`, `setsid` and shells
 * with job control leave the group of the command, so that a signal to the group misses them.
 */
export function treeOf(leaders: readonly number[], all: readonly Listed[]): readonly Listed[] {
  const led = new Set(leaders);
  const inside = new Set(leaders);
  let before = -1;
  while (inside.size > before) {
    before = inside.size;
    for (const { pid, parent, group, session } of all)
      if (led.has(session) || led.has(group) || inside.has(parent)) inside.add(pid);
  }
  return all.filter(({ pid, state }) => inside.has(pid) && !state.startsWith('Z'));
}

/** Every process that this user may see. Empty where neither `/proc` nor `ps` tells. */
export function listProcesses(): readonly Listed[] {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

/** `starttime`, counted from the member behind the state. */
const STARTED = 18;

/** @see proc_pid_stat(5): the name in brackets may hold spaces and brackets itself. */
function fromProc(): readonly Listed[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state = '', ...numbers] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [parent = 0, group = 0, session = 0] = numbers.slice(0, 3).map(Number);
      const { [STARTED]: started = '' } = numbers;
      return [{ pid: Number(name), parent, group, session, state, started }];
    } catch {
      // It ended while the list was read.
      return [];
    }
  });
}

/** `ps` of macOS and the BSDs tells no session, so what outlives its parent is known by its group. */
function fromPs(): readonly Listed[] {
  try {
    const columns = 'pid=,ppid=,pgid=,stat=,lstart=';
    const text = execFileSync('ps', ['-A', '-o', columns], { encoding: 'utf8' });
    return text.split('\n').flatMap((line) => {
      const [pid, parent, group, state, ...started] = line.trim().split(/\s+/);
      if (state === undefined) return [];
      const [id = 0, of = 0, inGroup = 0] = [pid, parent, group].map(Number);
      const name = { pid: id, parent: of, group: inGroup, session: 0 };
      return [{ ...name, state, started: started.join(' ') }];
    });
  } catch {
    return [];
  }
}
