import type { TenantId } from '#domain/ids';
import { usableGates, type GithubContext } from './context.ts';
import type { GithubEvent } from './events.ts';
import { isRule, standsIn, type RuleGate, type ToldRepository } from './github-gates.ts';
import { settleGate } from './protection-rule.ts';
import { branchAt, readRun } from './read-run.ts';
import { isRuleEnabled } from './rule-enabled.ts';

type Status = Extract<GithubEvent, { event: 'deployment_status' }>['said'];

/** From here on something is being shipped; before, the rules hold it back. */
const BEGUN: ReadonlySet<string> = new Set(['in_progress', 'success', 'failure', 'error']);

/** A run or one of its jobs changed: what is kept of it is brought up to date. */
export async function runChanged(
  context: GithubContext,
  tenant: TenantId,
  repository: ToldRepository,
  run: number,
): Promise<void> {
  const gates = await rulesOf(context, tenant, repository);
  const kept = await context.runs.ofRun(tenant, String(run));
  for (const gate of gates)
    if (kept.some((one) => one.gate === gate.gate && one.state !== 'ended'))
      await settleGate(context, tenant, gate);
}

/** A deploy of a watched environment began: one that we did not let through is reported. */
export async function deployBegan(
  context: GithubContext,
  tenant: TenantId,
  said: Status,
): Promise<void> {
  const { deployment, deployment_status: status, repository } = said;
  if (!BEGUN.has(status.state)) return;
  const gates = (await rulesOf(context, tenant, repository)).filter(
    ({ environment }) => environment === null || environment === deployment.environment,
  );
  for (const gate of gates)
    if (await isGuarded(context, tenant, gate, deployment.environment))
      if (!(await isOurs(context, tenant, gate, said))) await tell(gate);

  async function tell(gate: RuleGate): Promise<void> {
    const request = context.app.inRepository(gate);
    const by = said.workflow_run ?? null;
    const run = by === null ? null : await readRun(request, gate, String(by.id));
    await context.decisions.outOfBand(tenant, {
      gate: gate.gate,
      service: gate.service,
      environment: deployment.environment,
      branch: await branchAt(request, gate, deployment.sha, run?.ref ?? null),
      commit: deployment.sha,
      deploy: {
        id: by === null ? `github-deployment-${deployment.id}` : `github-${by.id}`,
        attempt: by?.run_attempt ?? 1,
        url: run?.url ?? null,
        actor: run?.actor ?? said.sender?.login ?? null,
      },
    });
  }
}

/**
 * Every repository has environments that nobody guards, one a pull request for some. One whose rule
 * was taken away is known by the runs that asked there.
 */
async function isGuarded(
  { app, rules, runs }: GithubContext,
  tenant: TenantId,
  gate: RuleGate,
  environment: string,
): Promise<boolean> {
  if (gate.environment !== null) return true;
  const key = `${gate.repositoryId} ${environment}`;
  const isEnabled = await rules(key, () => isRuleEnabled(app, gate, environment));
  return isEnabled || runs.knows(tenant, gate.gate, environment);
}

/** Ended runs count: their last status may be told after their end. */
async function isOurs(
  { runs }: GithubContext,
  tenant: TenantId,
  { gate }: RuleGate,
  { workflow_run: by, deployment }: Status,
): Promise<boolean> {
  if (by === null || by === undefined) return false;
  const kept = await runs.ofRun(tenant, String(by.id));
  return kept.some(
    (one) =>
      one.gate === gate &&
      one.attempt === by.run_attempt &&
      one.environment === deployment.environment &&
      one.through !== null,
  );
}

async function rulesOf(context: GithubContext, tenant: TenantId, repository: ToldRepository) {
  const gates = await usableGates(context, tenant);
  return gates.filter(isRule).filter((gate) => standsIn(gate, repository));
}
