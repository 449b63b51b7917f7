import type { GateCheck } from '#application/ports/gate-checks';
import type { TenantId } from '#domain/ids';
import type { GithubRequest } from './app-client.ts';
import { usableGates, type GithubContext } from './context.ts';
import type { GithubEvent } from './events.ts';
import { hasCode } from './github-error.ts';
import { isCheck, type CheckGate } from './github-gates.ts';
import { hasPassed } from './own-check.ts';
import type { GithubDeploy } from './ports.ts';
import { branchAt } from './read-run.ts';
import { words } from './words.ts';

type Suite = Extract<GithubEvent, { event: 'check_suite' }>['said'];
type Run = Extract<GithubEvent, { event: 'check_run' }>['said'];

/** A push, or somebody asks for the checks again. */
export async function suiteRequested(
  context: GithubContext,
  tenant: TenantId,
  { action, check_suite: suite, repository }: Suite,
): Promise<void> {
  if (action !== 'requested' && action !== 'rerequested') return;
  const gates = await checkGates(context, tenant, repository.id);
  for (const gate of gates)
    await commitSeen(context, tenant, gate, suite.head_branch ?? null, suite.head_sha);
}

/** Our check is asked for again, or the one that it wraps has ended. */
export async function checkChanged(
  context: GithubContext,
  tenant: TenantId,
  { action, check_run: run, repository }: Run,
): Promise<void> {
  const gates = (await checkGates(context, tenant, repository.id)).filter(
    (gate) =>
      (action === 'rerequested' && run.name === gate.check) ||
      (action === 'completed' && run.name === gate.wraps),
  );
  const branch = run.check_suite?.head_branch ?? null;
  for (const gate of gates) await commitSeen(context, tenant, gate, branch, run.head_sha);
}

async function checkGates(context: GithubContext, tenant: TenantId, repositoryId: number) {
  const gates = await usableGates(context, tenant);
  return gates.filter(isCheck).filter((gate) => gate.repositoryId === repositoryId);
}

/** Only a branch's newest commit is shown anything: an older one cannot be merged. */
async function commitSeen(
  context: GithubContext,
  tenant: TenantId,
  gate: CheckGate,
  named: string | null,
  commit: string,
): Promise<void> {
  const branch = await branchAt(context.app.inRepository(gate), gate, commit, named);
  if (branch === null) return;
  await showCheck(
    context,
    tenant,
    gate,
    await context.checks.newest(tenant, gate.gate, branch, commit),
  );
}

/** Shows every branch's newest commit what holds now. Level-triggered. */
export async function settleChecks(
  context: GithubContext,
  tenant: TenantId,
  gate: CheckGate,
): Promise<void> {
  for (const check of await context.checks.of(tenant, gate.gate))
    await showCheck(context, tenant, gate, check);
}

interface Shown {
  readonly shows: 'enforce' | 'bypass' | 'passed';
  readonly summary: string;
}

async function showCheck(
  context: GithubContext,
  tenant: TenantId,
  gate: CheckGate,
  check: GateCheck,
): Promise<void> {
  const request = context.app.inRepository(gate);
  const shown = await whatHolds(context, tenant, gate, request, check);
  // An extended bypass ends later, so it is shown anew; anything else says the same as before.
  if (shown.shows === check.shows && shown.shows !== 'bypass') return;
  const id = await put(request, gate, check, shown);
  await context.checks.shown(tenant, { ...check, check: id, shows: shown.shows });
}

async function whatHolds(
  context: GithubContext,
  tenant: TenantId,
  gate: CheckGate,
  request: GithubRequest,
  check: GateCheck,
): Promise<Shown> {
  if (await hasPassed(request, gate, check.commit, gate.wraps))
    return { shows: 'passed', summary: words.passed(gate.wraps ?? '') };
  const answer = await context.decisions.ask(tenant, checkDeploy(gate, check));
  return answer.decision === 'bypass'
    ? { shows: 'bypass', summary: words.bypassed(answer) }
    : { shows: 'enforce', summary: words.blocked(gate, answer.reason) };
}

/** A check at a commit stands where a deploy does: what was let through is put back after a close. */
function checkDeploy(gate: CheckGate, { branch, commit }: GateCheck): GithubDeploy {
  return {
    gate: gate.gate,
    service: gate.service,
    environment: gate.environment,
    branch,
    commit,
    deploy: { id: `github-check-${commit}`, attempt: 1, url: null, actor: null },
  };
}

/**
 * Makes the check or changes it; gives its id. A crash after making it makes a second one, and GitHub
 * counts the newest of a name. Rejects with GithubError.
 */
async function put(
  request: GithubRequest,
  { owner, repo, check: name }: CheckGate,
  { check, commit }: GateCheck,
  { shows, summary }: Shown,
): Promise<string> {
  const said = {
    owner,
    repo,
    status: 'completed',
    conclusion: shows === 'enforce' ? 'action_required' : 'success',
    output: { title: TITLES[shows], summary },
  } as const;
  if (check !== null) {
    try {
      const about = { ...said, check_run_id: Number(check) };
      await request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', about);
      return check;
    } catch (error) {
      if (!hasCode(error, 'not-found')) throw error;
    }
  }
  const route = 'POST /repos/{owner}/{repo}/check-runs';
  const { data } = await request(route, { ...said, name, head_sha: commit });
  return String(data.id);
}

const TITLES = {
  enforce: 'No bypass covers this commit',
  bypass: 'Let through by a break-glass bypass',
  passed: 'The gate is met',
} as const;

const CHECK_DEPLOY = /^github-check-([0-9a-f]{40}(?:[0-9a-f]{24})?)#1$/;

/**
 * Shows `action_required` again where a bypass let a commit through. `done` once it does; `too-late`
 * for a commit that is no branch's newest any more: it may have been merged, and stays merged.
 */
export async function revertCheck(
  context: GithubContext,
  tenant: TenantId,
  gate: CheckGate,
  deploy: string,
): Promise<'done' | 'too-late'> {
  const [, commit] = CHECK_DEPLOY.exec(deploy) ?? [];
  const check = (await context.checks.of(tenant, gate.gate)).find((one) => one.commit === commit);
  if (check === undefined) return 'too-late';
  const request = context.app.inRepository(gate);
  // Another bypass may cover the branch by now, or its own check has passed.
  const shown = await whatHolds(context, tenant, gate, request, check);
  const id = await put(request, gate, check, shown);
  await context.checks.shown(tenant, { ...check, check: id, shows: shown.shows });
  return 'done';
}
