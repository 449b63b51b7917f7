import type { InFlight } from '#domain/policy/policy';
import type { TenantId } from '#domain/ids';
import { afterRejection } from './after-rejection.ts';
import { answerRule } from './answer-rule.ts';
import type { GithubRequest } from './app-client.ts';
import type { GithubContext } from './context.ts';
import { hasCode } from './github-error.ts';
import type { RuleGate } from './github-gates.ts';
import { readRun, type GithubRun } from './read-run.ts';
import { words } from './words.ts';

export type Reverted = 'done' | 'pending' | 'too-late';

/** SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL; what then still runs does so under `always()`. */
const FORCE_AFTER_MS = 20_000;

const DEPLOY = /^github-([1-9]\d{0,18})#([1-9]\d{0,6})$/;

/**
 * Puts a run back under the gate after its bypass ended; called again until it is not `pending`.
 * `hold` rejects what still waits and lets a running job end; `cancel` and `rollback` also cancel
 * the run, and force that where it goes on. `done` only once GitHub says that it was cancelled or
 * never let through; one that ended by itself is `too-late`. Rejects with GithubError.
 *
 * @param deploy as in the log: `github-<run>#<attempt>`.
 */
export async function revertRun(
  context: GithubContext,
  tenant: TenantId,
  gate: RuleGate,
  deploy: string,
  action: InFlight,
): Promise<Reverted> {
  const [, id, attemptText] = DEPLOY.exec(deploy) ?? [];
  // A deploy that some other caller named: there is no run to stop.
  if (id === undefined) return 'too-late';
  const attempt = Number(attemptText);
  const request = context.app.inRepository(gate);
  const run = await readRun(request, gate, id);
  if (run === null || run.attempt !== attempt) return 'too-late';
  if (run.status === 'completed')
    return run.outcome === 'cancelled' || (await neverBegan(context, tenant, gate, run))
      ? 'done'
      : 'too-late';
  await rejectWaiting(context, tenant, gate, request, run);
  if (action === 'hold') return 'pending';
  const forMs = await context.runs.stopping(tenant, gate.gate, id, attempt);
  await cancel(request, gate, id, forMs >= FORCE_AFTER_MS);
  return 'pending';
}

/** No environment of the run was let through: each was rejected while it waited. */
async function neverBegan(
  context: GithubContext,
  tenant: TenantId,
  gate: RuleGate,
  run: GithubRun,
): Promise<boolean> {
  const kept = await ofAttempt(context, tenant, gate, run);
  return kept.length > 0 && kept.every(({ through }) => through === null);
}

async function ofAttempt(
  { runs }: GithubContext,
  tenant: TenantId,
  { gate }: RuleGate,
  { run, attempt }: GithubRun,
) {
  const kept = await runs.ofRun(tenant, run);
  return kept.filter((one) => one.gate === gate && one.attempt === attempt);
}

/** Every environment of the run that the rule still holds back: nothing more of it begins. */
async function rejectWaiting(
  context: GithubContext,
  tenant: TenantId,
  gate: RuleGate,
  request: GithubRequest,
  run: GithubRun,
): Promise<void> {
  for (const one of await ofAttempt(context, tenant, gate, run)) {
    if (one.state === 'ended') continue;
    // One noted as approved may wait all the same, where the approval was lost on its way.
    const answered = await answerRule(request, gate, one, 'rejected', words.closed());
    await context.runs.change(tenant, one, afterRejection(one, answered));
  }
}

/** 409 is a run that cannot be cancelled any more: the next look tells how it ended. */
async function cancel(
  request: GithubRequest,
  { owner, repo }: RuleGate,
  run: string,
  force: boolean,
): Promise<void> {
  const about = { owner, repo, run_id: Number(run) };
  try {
    if (force)
      await request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/force-cancel', about);
    else await request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel', about);
  } catch (error) {
    if (!hasCode(error, 'conflict')) throw error;
  }
}
