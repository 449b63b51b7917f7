import { setTimeout as sleep } from 'node:timers/promises';
import { askGate, type AskedService, type Heard } from './ask.ts';
import type { AskedDeploy, DeployEnd } from './asked-deploy.ts';
import { startCommand, type Command, type RunningCommand } from './command.ts';
import { guardCommand } from './guard.ts';
import { heldLease, type Lease } from './lease.ts';
import type { Environment } from './job-environment.ts';
import { codeOfSignal, jobSignals, type JobSignals } from './job-signals.ts';
import { passedBy } from './passed-file.ts';
import { report } from './report.ts';
import type { Say } from './say.ts';
import { words } from './words.ts';

export interface DeployRun {
  readonly asked: AskedDeploy;
  readonly command: Command;
  /** Undoes the deploy, where the policy says `rollback`. */
  readonly rollback: Command | null;
  /** Needed only under a bypass. @throws UsageError for settings with which nothing can be asked. */
  readonly service: () => AskedService;
  readonly env: Environment;
  /** How long a deploy is held before it is ended. */
  readonly holdMaxMs: number;
  /** How long a deploy has to end by itself. */
  readonly graceMs: number;
  readonly say: Say;
}

/** What was found out on the way. */
interface Watched extends Omit<DeployRun, 'service'> {
  readonly service: AskedService;
  readonly job: JobSignals;
}

/** Also the exit code of a deploy that was not started because the gate enforces. */
const ENFORCED = 1;
const HOLD_LOOKS_MS = 5_000;

/**
 * Runs a deploy under the bypass that let it through: asks again right before it starts and while it
 * runs, does what the policy says when the bypass ends, and reports how the deploy ended, also when
 * the job is cancelled. If this process is killed, the deploy is ended and the log says `unknown` once
 * its lease has run out. Gives the command's exit code.
 */
export async function runDeploy(run: DeployRun): Promise<number> {
  const job = jobSignals();
  try {
    return await underGate(run, job);
  } finally {
    job.release();
  }
}

async function underGate(run: DeployRun, job: JobSignals): Promise<number> {
  const { asked, env, say } = run;
  const by = await passedBy(asked, env);
  if (by === null) {
    say(words.notPassed(asked), 'error');
    return ENFORCED;
  }
  if (by === 'check') {
    say(words.passedByCheck(asked));
    return startCommand(run.command, job).ended;
  }
  const service = run.service();
  const heard = await askGate(service, asked, 'recheck');
  if (heard.decision === 'bypass' && job.first === null)
    return watched({ ...run, service, job }, heard);
  if (job.first === null) say(words.lostBeforeStart(asked, heard), 'error');
  else say(words.stopped(job.first));
  await report(service, asked, 'cancelled', say);
  return job.first === null ? ENFORCED : codeOfSignal(job.first);
}

async function watched(run: Watched, heard: Heard): Promise<number> {
  const command = startCommand(run.command, run.job);
  const guard = guardCommand(command.pid, run.graceMs);
  const ended = new AbortController();
  const code = command.ended.finally(() => ended.abort());
  const lease = heldLease(run, heard, ended.signal);
  const action = await superintend(run, command, lease, ended.signal);
  const result = await code;
  await guard.release();
  const undone = action === 'rollback' && (await rolledBack(run));
  const wasTold = action !== null || run.job.first !== null;
  await report(run.service, run.asked, endOf(result, wasTold, action, undone), run.say);
  return undone ? Math.max(ENFORCED, result) : result;
}

/** A deploy that was told to end and yet went through went through, unless it was undone. */
function endOf(
  code: number,
  wasTold: boolean,
  action: 'cancel' | 'rollback' | null,
  undone: boolean,
): DeployEnd {
  if (undone) return 'cancelled';
  if (code === 0) return 'succeeded';
  // One that was to be undone and was not is no cancelled one: what it did still stands.
  return wasTold && action !== 'rollback' ? 'cancelled' : 'failed';
}

/** Until the command ends; gives what was done to it, `null` if nothing. */
async function superintend(
  run: Watched,
  command: RunningCommand,
  lease: Lease,
  ended: AbortSignal,
): Promise<'cancel' | 'rollback' | null> {
  for (;;) {
    const lost = await lease.lost();
    if (lost === null) return null;
    const { action } = lost;
    const what = action === 'hold' ? words.held(run.holdMaxMs) : words.ending;
    run.say(words.ended(run.asked, lost.reason, what));
    if (action === 'hold' && (await hold(run, command, lease, ended))) continue;
    if (ended.aborted) return null;
    if (!(await command.end(run.graceMs))) {
      run.say(words.killed);
      if (!command.signal('SIGKILL')) run.say(words.cannotEnd, 'error');
    }
    return action === 'rollback' ? 'rollback' : 'cancel';
  }
}

/** Stops the command where it stands; `true` once a bypass covers it again. */
async function hold(
  { holdMaxMs, say, job }: Watched,
  command: RunningCommand,
  lease: Lease,
  ended: AbortSignal,
): Promise<boolean> {
  if (!command.signal('SIGSTOP')) {
    say(words.cannotHold);
    return false;
  }
  const until = performance.now() + holdMaxMs;
  const over = AbortSignal.any([ended, job.stopped]);
  while (performance.now() < until && !over.aborted) {
    await pause(Math.min(HOLD_LOOKS_MS, until - performance.now()), over);
    if (over.aborted || !(await lease.regained())) continue;
    say(words.resumed);
    command.signal('SIGCONT');
    return true;
  }
  return false;
}

/** Whether what the deploy did was undone. */
async function rolledBack({ rollback, say, job }: Watched): Promise<boolean> {
  if (rollback === null) {
    say(words.noRollback, 'error');
    return false;
  }
  say(words.rollingBack);
  const code = await startCommand(rollback, job).ended;
  say(code === 0 ? words.rolledBack : words.rollbackFailed(code), code === 0 ? undefined : 'error');
  return code === 0;
}

async function pause(ms: number, ended: AbortSignal): Promise<void> {
  await sleep(Math.max(0, ms), undefined, { signal: ended }).catch(() => {
    // The command or the job ended: there is nothing to wait for.
  });
}
