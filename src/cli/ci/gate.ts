import { basename } from 'node:path';
import { UsageError } from '../report-failure.ts';
import { askGate, type AskedService } from './ask.ts';
import type { AskedDeploy } from './asked-deploy.ts';
import { startCommand, type Command } from './command.ts';
import type { Environment } from './job-environment.ts';
import { codeOfSignal, jobSignals, type JobSignals } from './job-signals.ts';
import { forgetPassed, rememberPassed, type PassedBy } from './passed-file.ts';
import { report } from './report.ts';
import type { Say } from './say.ts';
import { words } from './words.ts';

export interface GateRun {
  readonly check: Command;
  /** What the log calls the check; its program's name unless given, as arguments can hold secrets. */
  readonly checkName: string | null;
  /** @throws UsageError for settings with which nothing can be asked. */
  readonly asked: () => AskedDeploy;
  /** @throws UsageError as well. */
  readonly service: () => AskedService;
  readonly env: Environment;
  readonly say: Say;
}

const LONGEST_CHECK = 255;

/**
 * The gate's own check, and only if it fails the question whether a bypass covers this deploy. Gives
 * the exit code: 0 if the deploy may pass, else the check's own. Whatever goes wrong in asking, wrong
 * settings included, the check's own result stands. A check that was ended with its job did not fail:
 * nothing is asked.
 */
export async function runGate(run: GateRun): Promise<number> {
  const job = jobSignals();
  try {
    const asked = answerable(run.asked, run.say);
    if (asked !== null) await keep(run, () => forgetPassed(asked, run.env));
    const code = await startCommand(run.check, job).ended;
    if (code !== 0 && job.first === null) return await failed(run, asked, code, job);
    if (code === 0 && asked !== null) await passed(run, asked, 'check');
    return code;
  } finally {
    job.release();
  }
}

async function failed(
  run: GateRun,
  asked: AskedDeploy | null,
  code: number,
  job: JobSignals,
): Promise<number> {
  const service = asked === null ? null : answerable(run.service, run.say);
  if (asked === null || service === null) return code;
  const name = (run.checkName ?? basename(run.check.file)).slice(0, LONGEST_CHECK);
  const withCheck = { ...asked, check: { name, result: `exit code ${code}` } };
  const heard = await askGate(service, withCheck, 'start');
  if (heard.decision !== 'bypass') {
    run.say(words.enforced(asked, heard), 'error');
    return code;
  }
  if (job.first !== null) {
    // The job ends before its deploy began.
    run.say(words.stopped(job.first));
    await report(service, asked, 'cancelled', run.say);
    return codeOfSignal(job.first);
  }
  run.say(words.bypassed(asked, heard));
  await passed(run, asked, 'bypass');
  return 0;
}

const passed = ({ env, say }: GateRun, asked: AskedDeploy, by: PassedBy): Promise<void> =>
  keep({ say }, () => rememberPassed(asked, env, by));

/** A full disk changes nothing about the gate. */
async function keep({ say }: Pick<GateRun, 'say'>, change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    say(words.notRemembered(code));
  }
}

function answerable<What>(what: () => What, say: Say): What | null {
  try {
    return what();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(words.notAskable(error.message));
    return null;
  }
}
