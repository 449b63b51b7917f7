import { spawn } from 'node:child_process';

export interface Guard {
  /** The command has ended by itself: nothing is left to guard. */
  release(): Promise<void>;
}

/**
 * Ends as soon as its input does, which is when this process is gone, however it went. Then the
 * command's group is told to end, and killed when the time it has for that is over.
 */
const SCRIPT = `trap '' INT TERM HUP
read -r word
[ "$word" = released ] && exit 0
kill -s TERM -- "-$1"
kill -s CONT -- "-$1"
left=$2
while [ "$left" -gt 0 ] && kill -s 0 -- "-$1"; do sleep 1; left=$((left - 1)); done
kill -s KILL -- "-$1"`;

/**
 * Sees to it that a deploy does not outlive the process that watches its bypass: killed with
 * kill -9, that one can tell nobody. Where there is no `sh` there is no guard.
 */
export function guardCommand(pid: number | undefined, graceMs: number): Guard {
  if (pid === undefined || process.platform === 'win32') return NONE;
  const args = ['-c', SCRIPT, 'breakglass-guard', String(pid), String(Math.ceil(graceMs / 1_000))];
  const guard = spawn('sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const gone = new Promise<void>((resolve) => {
    guard.once('error', () => resolve());
    guard.once('exit', () => resolve());
  });
  // It was killed: a deploy that is watched needs it no more than one that was never guarded.
  guard.stdin.on('error', () => {});
  return {
    async release() {
      guard.stdin.end('released\n');
      await gone;
    },
  };
}

const NONE: Guard = { release: () => Promise.resolve() };
