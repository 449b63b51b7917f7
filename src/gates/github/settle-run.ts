import type { GateRun } from '#application/ports/gate-runs';
import type { TenantId } from '#domain/ids';
import { afterRejection } from './after-rejection.ts';
import { answerRule, isPending } from './answer-rule.ts';
import type { GithubRequest } from './app-client.ts';
import type { GithubContext } from './context.ts';
import type { RuleGate } from './github-gates.ts';
import { hasPassed } from './own-check.ts';
import type { GithubDeploy } from './ports.ts';
import { readRun, type GithubRun } from './read-run.ts';
import { words } from './words.ts';

/** GitHub takes so many status reports for a rule; one is kept for what may still be said. */
const MOST_REPORTS = 9;

export interface Settling {
  readonly context: GithubContext;
  readonly tenant: TenantId;
  readonly gate: RuleGate;
  readonly request: GithubRequest;
  /** Those of its line, as they stand now. */
  readonly newer: readonly GateRun[];
  /** Takes those whose approval GitHub did not let the App give. */
  readonly refused: GateRun[];
}

/** What no answer reached since it asked last. */
const isDue = ({ state, answered }: GateRun) => state === 'waiting' || !answered;

/** Asks again about one run of a gate, and answers it where that is due. Gives what it is then. */
export async function settleRun(settling: Settling, kept: GateRun): Promise<GateRun['state']> {
  const { context, tenant, gate, request, newer } = settling;
  const run = await readRun(request, gate, kept.run);
  if (run === null || run.status === 'completed' || run.attempt > kept.attempt)
    return endRun(context, tenant, gate, kept, run);
  const passed = newer.find(({ state }) => state === 'approved');
  if (isDue(kept) && passed !== undefined)
    return reject(settling, kept, words.replaced(passed.run));
  if (isDue(kept) && (await hasPassed(request, gate, kept.commit, gate.wraps)))
    return approve(settling, kept, 'check', words.passed(gate.wraps?.name ?? ''));
  if (kept.through === 'check' && !isDue(kept)) return kept.state;
  // Not asked about: a bypass that opens right now is for the newer one.
  if (kept.state === 'waiting' && newer.length > 0) return report(settling, kept, words.behind());
  const answer = await context.decisions.ask(tenant, deployOf(gate, kept));
  if (!isDue(kept)) return kept.state;
  if (answer.decision === 'bypass')
    return approve(settling, kept, 'bypass', words.bypassed(answer));
  const { environment } = kept;
  return report(settling, kept, words.waiting({ ...gate, environment }, answer.reason));
}

/**
 * Noted before it is sent: the run may start, and be seen to, before GitHub's answer is here. Until it
 * is, the approval is sent again.
 */
async function approve(
  { context, tenant, gate, request, refused }: Settling,
  kept: GateRun,
  by: 'bypass' | 'check',
  comment: string,
): Promise<GateRun['state']> {
  // Once under a bypass its end is to be told, whatever lets its other jobs through.
  const through = kept.through === 'bypass' ? 'bypass' : by;
  await context.runs.change(tenant, kept, { state: 'approved', through, answered: false });
  const answered = await answerRule(request, gate, kept, 'approved', comment);
  if (answered === 'not-found' && (await isPending(request, gate, kept))) {
    context.onTrouble({ code: 'approval-refused', gate: gate.gate, about: kept.environment });
    refused.push(kept);
    return 'waiting';
  }
  await context.runs.change(tenant, kept, { answered: true, began: true });
  return 'approved';
}

async function reject(
  { context, tenant, gate, request }: Settling,
  kept: GateRun,
  comment: string,
): Promise<GateRun['state']> {
  const answered = await answerRule(request, gate, kept, 'rejected', comment);
  const change = afterRejection(kept, answered);
  await context.runs.change(tenant, kept, change);
  return change.state;
}

/** Says something only where it is new: there are few reports, and a run may wait for 30 days. */
async function report(
  { context, tenant, gate, request }: Settling,
  kept: GateRun,
  comment: string,
): Promise<GateRun['state']> {
  if (comment === kept.lastReport || kept.reports >= MOST_REPORTS) return kept.state;
  // Counted before it is sent: a crash in between costs a report, and never one too many.
  await context.runs.change(tenant, kept, { reports: kept.reports + 1, lastReport: comment });
  await answerRule(request, gate, kept, null, comment);
  return kept.state;
}

/** It ended, or was started anew, which is another attempt. */
async function endRun(
  context: GithubContext,
  tenant: TenantId,
  gate: RuleGate,
  kept: GateRun,
  run: GithubRun | null,
): Promise<'ended'> {
  if (kept.through === 'bypass')
    await context.decisions.finish(tenant, deployOf(gate, kept), outcomeFor(kept, run));
  await context.runs.change(tenant, kept, { state: 'ended' });
  return 'ended';
}

function outcomeFor(kept: GateRun, run: GithubRun | null): GithubRun['outcome'] {
  const isThis = run?.attempt === kept.attempt && run.status === 'completed';
  return isThis ? run.outcome : 'failed';
}

/** The same id as a job of the run asks with, so that both are one deploy. */
function deployOf(gate: RuleGate, kept: GateRun): GithubDeploy {
  const { environment, branch, commit, run, attempt, url, actor } = kept;
  const deploy = { id: `github-${run}`, attempt, url, actor };
  return { gate: gate.gate, service: gate.service, environment, branch, commit, deploy };
}
