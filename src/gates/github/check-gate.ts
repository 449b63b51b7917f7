import type { GateCheck } from '#application/ports/gate-checks';
import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { GithubRequest } from './app-client.ts';
import { usableGates, type GithubContext } from './context.ts';
import type { GithubEvent } from './events.ts';
import { hasCode } from './github-error.ts';
import { isCheck, standsIn, type CheckGate, type ToldRepository } from './github-gates.ts';
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
  const gates = await checkGates(context, tenant, repository);
  for (const gate of gates)
    await commitSeen(context, tenant, gate, suite.head_branch ?? null, suite.head_sha);
}

/** Our check is asked for again, or the one that it wraps has ended. */
export async function checkChanged(
  context: GithubContext,
  tenant: TenantId,
  { action, check_run: run, repository }: Run,
): Promise<void> {
  const gates = (await checkGates(context, tenant, repository)).filter(
    (gate) =>
      (action === 'rerequested' && run.name === gate.check) ||
      (action === 'completed' && run.name === gate.wraps?.name),
  );
  const branch = run.check_suite?.head_branch ?? null;
  for (const gate of gates) await commitSeen(context, tenant, gate, branch, run.head_sha);
}

async function checkGates(context: GithubContext, tenant: TenantId, repository: ToldRepository) {
  const gates = await usableGates(context, tenant);
  return gates.filter(isCheck).filter((gate) => standsIn(gate, repository));
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
  const before = (await context.checks.of(tenant, gate.gate)).find((one) => one.branch === branch);
  if (before !== undefined && before.commit !== commit)
    await putBack(context, tenant, gate, before);
  await showCheck(
    context,
    tenant,
    gate,
    await context.checks.newest(tenant, gate.gate, branch, commit),
  );
}

/**
 * Shows every branch's newest commit what holds now; a branch that is gone is forgotten.
 * Level-triggered. Rejects with the first failure, once every branch was tried.
 */
export async function settleChecks(
  context: GithubContext,
  tenant: TenantId,
  gate: CheckGate,
): Promise<void> {
  const failures: unknown[] = [];
  for (const check of await context.checks.of(tenant, gate.gate))
    await settleCheck(context, tenant, gate, check).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function settleCheck(
  context: GithubContext,
  tenant: TenantId,
  gate: CheckGate,
  check: GateCheck,
): Promise<void> {
  const { branch, commit } = check;
  const request = context.app.inRepository(gate);
  const key = `${gate.repositoryId} ${commit} ${branch}`;
  const isHead = await context.heads(
    key,
    async () => (await branchAt(request, gate, commit, branch)) !== null,
  );
  if (isHead) return void (await showCheck(context, tenant, gate, check));
  await putBack(context, tenant, gate, check);
  await context.checks.forget(tenant, check);
}

/** A branch can be made again at a commit that none has any more, and nobody would look at what it shows then. */
async function putBack(
  context: GithubContext,
  tenant: TenantId,
  gate: CheckGate,
  check: GateCheck,
): Promise<void> {
  if (check.shows === 'bypass' || check.shows === 'none')
    await write(context, tenant, gate, check, gone(gate));
}

/**
 * Does every branch's newest commit show at GitHub what holds now? What differs is written once more
 * and looked at again: it was changed by hand, or written late.
 */
export async function checksShow(
  context: GithubContext,
  tenant: TenantId,
  gate: CheckGate,
): Promise<boolean> {
  await settleChecks(context, tenant, gate);
  const request = context.app.inRepository(gate);
  for (const check of await context.checks.of(tenant, gate.gate)) {
    if (await isAtGithub(request, gate, check)) continue;
    const again = await showCheck(context, tenant, gate, { ...check, shows: 'none' });
    if (!(await isAtGithub(request, gate, again))) return false;
  }
  return true;
}

async function isAtGithub(
  request: GithubRequest,
  { owner, repo }: CheckGate,
  { check, shows }: GateCheck,
): Promise<boolean> {
  if (check === null || shows === 'none') return false;
  const about = { owner, repo, check_run_id: Number(check) };
  const { data } = await request('GET /repos/{owner}/{repo}/check-runs/{check_run_id}', about);
  return data.status === 'completed' && data.conclusion === conclusionOf(shows);
}

interface Shown {
  readonly shows: 'enforce' | 'bypass' | 'passed';
  readonly until: Instant | null;
  readonly summary: string;
}

const conclusionOf = (shows: Shown['shows']) =>
  shows === 'enforce' ? 'action_required' : 'success';

async function showCheck(
  context: GithubContext,
  tenant: TenantId,
  gate: CheckGate,
  check: GateCheck,
): Promise<GateCheck> {
  const shown = await whatHolds(context, tenant, gate, check);
  // An extended bypass ends later, so it is shown anew; anything else says the same as before.
  if (shown.shows === check.shows && shown.until === check.until) return check;
  return write(context, tenant, gate, check, shown);
}

/** Noted as unknown before it is sent: where the answer is lost, the next call writes it again. */
async function write(
  { checks, app }: GithubContext,
  tenant: TenantId,
  gate: CheckGate,
  check: GateCheck,
  shown: Shown,
): Promise<GateCheck> {
  await checks.shown(tenant, { ...check, shows: 'none', until: null });
  const id = await put(app.inRepository(gate), gate, check, shown);
  const written = { ...check, check: id, shows: shown.shows, until: shown.until };
  await checks.shown(tenant, written);
  return written;
}

async function whatHolds(
  context: GithubContext,
  tenant: TenantId,
  gate: CheckGate,
  check: GateCheck,
): Promise<Shown> {
  const request = context.app.inRepository(gate);
  if (await hasPassed(request, gate, check.commit, gate.wraps))
    return { shows: 'passed', until: null, summary: words.passed(gate.wraps?.name ?? '') };
  const answer = await context.decisions.ask(tenant, checkDeploy(gate, check));
  return answer.decision === 'bypass'
    ? { shows: 'bypass', until: answer.expiresAt, summary: words.bypassed(answer) }
    : { shows: 'enforce', until: null, summary: words.blocked(gate, answer.reason) };
}

const gone = (gate: CheckGate): Shown => ({
  shows: 'enforce',
  until: null,
  summary: words.blocked(gate, 'no branch has this commit as its newest'),
});

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
    conclusion: conclusionOf(shows),
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
  // Another bypass may cover the branch by now, or its own check has passed.
  await write(context, tenant, gate, check, await whatHolds(context, tenant, gate, check));
  return 'done';
}
