import { setTimeout as sleep } from 'node:timers/promises';
import { askGate, type AskedService } from './ask.ts';
import type { AskedDeploy, DeployEnd } from './asked-deploy.ts';
import type { Say } from './say.ts';
import { words } from './words.ts';

const REPORTS = 3;

/**
 * Says how a deploy ended, three times at most. A report that is lost leaves `unknown` in the log once
 * the lease runs out; the job's own end does not depend on it.
 */
export async function report(
  service: AskedService,
  asked: AskedDeploy,
  outcome: DeployEnd,
  say: Say,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const heard = await askGate(service, asked, 'finish', outcome);
    // Another token or caller began this deploy, and only that one ends it.
    if (heard.answered && heard.reason === 'begun-by-another')
      return say(words.notReported(outcome, heard.reason));
    if (heard.answered) return;
    if (attempt === REPORTS) return say(words.notReported(outcome, heard.reason));
    await sleep(attempt * 1_000);
  }
}
